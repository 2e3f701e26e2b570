// SPDX-License-Identifier: MIT
import { dateOnly } from "../../lib/dates";
import { count, counted, day } from "../../lib/format";
import { query } from "../../lib/route";
import type { Dataset } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { Search } from "../../parts/fields";
import { More, usePages } from "../../parts/pages";
import { Time } from "../../parts/time";
import { tCommon } from "../../texts/en/common";
import { tDatasets } from "../../texts/en/datasets";
import { tExport } from "../../texts/en/export";

/** "3 Jan 2016 – 30 Dec 2017": the first date column with values. */
export function covered(dataset: Dataset): string | null {
  for (const column of dataset.columns ?? []) {
    const least = column.date ? dateOnly(column.least) : null;
    const greatest = column.date ? dateOnly(column.greatest) : null;
    if (least && greatest) return `${day(least)} – ${day(greatest)}`;
  }
  return null;
}

export function List() {
  const list = usePages<Dataset>("/datasets");
  const wanted = (query.value.get("search") ?? "").toLowerCase();
  const shown = list.items.filter((one) => one.name.toLowerCase().includes(wanted));
  return (
    <section class="card flush" aria-label={tDatasets.title}>
      <div class="bar">
        <span class="quiet">{list.ready ? counted(shown.length, "dataset") : tCommon.loading}</span>
        <Search />
      </div>
      <Fault fault={list.fault} />
      {shown.length > 0 ? (
        <table class="cards" id="datasets">
          <caption class="visually-hidden">{tDatasets.title}</caption>
          <thead>
            <tr>
              <th scope="col">{tDatasets.name}</th>
              <th scope="col" class="number">
                {tDatasets.rows}
              </th>
              <th scope="col" class="number">
                {tDatasets.columns}
              </th>
              <th scope="col">{tDatasets.dates}</th>
              <th scope="col">{tDatasets.created}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.uid} data-name={one.name}>
                <th scope="row" class="wrap">
                  <a href={`/datasets/${one.uid}`}>{one.name}</a>
                </th>
                <td class="number" data-label={tDatasets.rows}>
                  {count(one.row_count)}
                </td>
                <td class="number" data-label={tDatasets.columns}>
                  {one.columns ? count(one.columns.length) : "–"}
                </td>
                <td data-label={tDatasets.dates}>{covered(one) ?? "–"}</td>
                <td data-label={tDatasets.created}>
                  <Time at={one.created_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : list.ready ? (
        <p class="empty">
          <span>{tDatasets.empty}</span>
          <a class="button primary" href="/upload">
            {tExport.toUpload}
          </a>
        </p>
      ) : null}
      <More next={list.next} more={list.more} />
    </section>
  );
}
