// SPDX-License-Identifier: MIT
import { useState } from "preact/hooks";
import { get } from "../../lib/api";
import { dateOnly } from "../../lib/dates";
import { count, counted, day } from "../../lib/format";
import { query, setQuery } from "../../lib/route";
import type { Dataset, Page } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { Time } from "../../parts/time";
import { usePoll } from "../../parts/use_poll";
import { tCommon } from "../../texts/en/common";
import { tDatasets } from "../../texts/en/datasets";
import { tExport } from "../../texts/en/export";
import { tTeam } from "../../texts/en/team";

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
  const list = usePoll<Page<Dataset>>("/datasets?limit=50");
  const [older, setOlder] = useState<Page<Dataset>>({ items: [], next: null });
  const [fault, setFault] = useState<unknown>(null);
  const first = list.data.value;
  const fresh = new Set(first?.items.map((one) => one.uid));
  const all = [...(first?.items ?? []), ...older.items.filter((one) => !fresh.has(one.uid))];
  const wanted = (query.value.get("search") ?? "").toLowerCase();
  const shown = all.filter((one) => one.name.toLowerCase().includes(wanted));
  const next = older.items.length > 0 ? older.next : (first?.next ?? null);
  const more = async () => {
    try {
      const page = await get<Page<Dataset>>(`/datasets?limit=50&cursor=${encodeURIComponent(next ?? "")}`);
      setOlder({ items: [...older.items, ...page.items], next: page.next });
    } catch (caught) {
      setFault(caught);
    }
  };
  return (
    <section class="card flush" aria-label={tDatasets.title}>
      <div class="bar">
        <span class="quiet">{first ? counted(shown.length, "dataset") : tCommon.loading}</span>
        <div class="field search">
          <label class="visually-hidden" for="search">
            {tTeam.search}
          </label>
          <input
            id="search"
            type="search"
            placeholder={tTeam.search}
            value={query.value.get("search") ?? ""}
            onInput={(event) => setQuery("search", event.currentTarget.value)}
          />
        </div>
      </div>
      <Fault fault={fault} />
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
      ) : first ? (
        <p class="empty">
          <span>{tDatasets.empty}</span>
          <a class="button primary" href="/upload">
            {tExport.toUpload}
          </a>
        </p>
      ) : null}
      {next ? (
        <p class="more">
          <button type="button" onClick={() => void more()}>
            {tCommon.more}
          </button>
        </p>
      ) : null}
    </section>
  );
}
