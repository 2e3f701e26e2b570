// SPDX-License-Identifier: MIT
// The rows of a dataset, and the records that could not be loaded; each a page at a time.
import { useEffect } from "preact/hooks";
import { count } from "../../lib/format";
import type { Dataset, Reject, RejectCount, Rows } from "../../lib/types";
import { Cell, HeadCell } from "../../parts/cell";
import { Fault } from "../../parts/fault";
import { Icon } from "../../parts/icon";
import { More, useFetched } from "../../parts/pages";
import { RejectCodes } from "../../parts/reject_codes";
import { tCommon } from "../../texts/en/common";
import { tDatasets } from "../../texts/en/datasets";
import { filterQuery } from "./filter";

export function RowsTable({ dataset }: { dataset: Dataset }) {
  const filter = filterQuery();
  const rows = useFetched<Rows["items"][number]>(`/datasets/${dataset.uid}/rows?limit=50${filter}`, dataset.row_count);
  // One answer looks at so many rows only: where none of them was so, the next ones are looked at.
  const none = rows.first !== null && rows.items.length === 0;
  useEffect(() => {
    if (none && rows.next) void rows.more();
  }, [none, rows.next]);
  if (rows.fault) return <Fault fault={rows.fault} />;
  if (!rows.first) return <p class="more quiet">{tCommon.loading}</p>;
  if (none) {
    const text = rows.next ? tDatasets.looking : filter ? tDatasets.noneFound : tDatasets.noRows;
    return <p class="more quiet">{text}</p>;
  }
  const { columns } = rows.first as unknown as Rows;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="table-wrap" tabIndex={0} aria-label={tDatasets.data}>
        <table id="rows">
          <caption class="visually-hidden">{tDatasets.data}</caption>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <HeadCell key={index} name={column.name} type={column.type} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.items.map((row, at) => (
              <tr key={at}>
                {row.map((cell, index) => (
                  <Cell key={index} value={cell} type={columns[index]?.type} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <More next={rows.next} more={rows.more} />
    </>
  );
}

export function RejectsTable({ dataset }: { dataset: Dataset }) {
  const page = useFetched<Reject>(`/datasets/${dataset.uid}/rejects?limit=50`, dataset.imports.length);
  if (page.fault) return <Fault fault={page.fault} />;
  if (!page.first) return <p class="more quiet">{tCommon.loading}</p>;
  if (page.items.length === 0) return <p class="more quiet">{tDatasets.noRejects}</p>;
  return (
    <>
      <p class="more line small-buttons">
        <a class="button" href={`/datasets/${dataset.uid}/rejects.csv`}>
          <Icon name="down" />
          {tDatasets.downloadRejects}
        </a>
        <span class="hint">{tDatasets.rejectsHint}</span>
      </p>
      <RejectCodes codes={page.first.codes as RejectCount[] | undefined} />
      <table class="cards" id="rejects">
        <caption class="visually-hidden">{tDatasets.rejects}</caption>
        <thead>
          <tr>
            <th scope="col" class="number">
              {tDatasets.record}
            </th>
            <th scope="col" class="number">
              {tDatasets.lines}
            </th>
            <th scope="col">{tDatasets.reason}</th>
            <th scope="col">{tDatasets.raw}</th>
          </tr>
        </thead>
        <tbody>
          {page.items.map((one) => (
            <tr key={one.byte_offset}>
              <td class="number" data-label={tDatasets.record}>
                {count(one.record)}
              </td>
              <td class="number" data-label={tDatasets.lines} title={tDatasets.byteOffset(one.byte_offset)}>
                {one.first_line === one.last_line
                  ? count(one.first_line)
                  : `${count(one.first_line)}–${count(one.last_line)}`}
              </td>
              <td class="long" data-label={tDatasets.reason}>
                {one.column_name ? <strong>{one.column_name}: </strong> : null}
                {one.message || one.code}
              </td>
              <td class="long" data-label={tDatasets.raw}>
                <code class="raw">{one.raw}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <More next={page.next} more={page.more} />
    </>
  );
}
