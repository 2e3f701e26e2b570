// SPDX-License-Identifier: MIT
// The rows of a dataset, its columns, and the records that could not be loaded; each a page at a time.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../lib/api";
import { count } from "../../lib/format";
import type { Dataset, Page, Reject, Rows } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { Icon } from "../../parts/icon";
import { tCommon } from "../../texts/en/common";
import { tDatasets } from "../../texts/en/datasets";

function More({ next, load }: { next: string | null; load: () => void }) {
  if (!next) return null;
  return (
    <p class="more">
      <button type="button" onClick={load}>
        {tCommon.more}
      </button>
    </p>
  );
}

export function RowsTable({ dataset }: { dataset: Dataset }) {
  const [rows, setRows] = useState<Rows | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const load = async (before: Rows | null) => {
    const cursor = before?.next ? `&cursor=${encodeURIComponent(before.next)}` : "";
    try {
      const page = await get<Rows>(`/datasets/${dataset.uid}/rows?limit=50${cursor}`);
      setRows({ ...page, items: [...(before?.items ?? []), ...page.items] });
    } catch (caught) {
      setFault(caught);
    }
  };
  useEffect(() => {
    void load(null);
  }, [dataset.uid, dataset.row_count]);
  if (fault) return <Fault fault={fault} />;
  if (!rows) return <p class="more quiet">{tCommon.loading}</p>;
  if (rows.items.length === 0) return <p class="more quiet">{tDatasets.noRows}</p>;
  const names = rows.columns.map((column) => (typeof column === "string" ? column : column.name));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="table-wrap" tabIndex={0} aria-label={tDatasets.data}>
        <table id="rows">
          <caption class="visually-hidden">{tDatasets.data}</caption>
          <thead>
            <tr>
              {names.map((name, index) => (
                <th key={`${name}-${index}`} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.items.map((row, at) => (
              <tr key={at}>
                {row.map((cell, index) => (
                  <td key={index} class="cell" title={cell === null ? undefined : String(cell)}>
                    {cell === null ? "" : String(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <More next={rows.next} load={() => void load(rows)} />
    </>
  );
}

export function ColumnsTable({ dataset }: { dataset: Dataset }) {
  return (
    <table class="cards" id="columns">
      <caption class="visually-hidden">{tDatasets.columns}</caption>
      <thead>
        <tr>
          <th scope="col">{tDatasets.column}</th>
          <th scope="col">{tDatasets.type}</th>
          <th scope="col">{tDatasets.least}</th>
          <th scope="col">{tDatasets.greatest}</th>
        </tr>
      </thead>
      <tbody>
        {dataset.columns.map((column) => (
          <tr key={column.index}>
            <th scope="row" class="wrap">
              {column.name}
            </th>
            <td data-label={tDatasets.type}>
              <code>{column.type}</code>
            </td>
            <td class="wrap" data-label={tDatasets.least}>
              {column.least ?? "–"}
            </td>
            <td class="wrap" data-label={tDatasets.greatest}>
              {column.greatest ?? "–"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function RejectsTable({ dataset }: { dataset: Dataset }) {
  const [page, setPage] = useState<Page<Reject> | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const load = async (before: Page<Reject> | null) => {
    const cursor = before?.next ? `&cursor=${encodeURIComponent(before.next)}` : "";
    try {
      const more = await get<Page<Reject>>(`/datasets/${dataset.uid}/rejects?limit=50${cursor}`);
      setPage({ items: [...(before?.items ?? []), ...more.items], next: more.next });
    } catch (caught) {
      setFault(caught);
    }
  };
  useEffect(() => {
    void load(null);
  }, [dataset.uid]);
  if (fault) return <Fault fault={fault} />;
  if (!page) return <p class="more quiet">{tCommon.loading}</p>;
  if (page.items.length === 0) return <p class="more quiet">{tDatasets.noRejects}</p>;
  return (
    <>
      <p class="more line">
        <a class="button" href={`/datasets/${dataset.uid}/rejects.csv`}>
          <Icon name="down" />
          {tDatasets.downloadRejects}
        </a>
        <span class="hint">{tDatasets.rejectsHint}</span>
      </p>
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
              <td data-label={tDatasets.reason}>
                {one.column_name ? <strong>{one.column_name}: </strong> : null}
                {one.message || one.code}
              </td>
              <td data-label={tDatasets.raw}>
                <code class="raw">{one.raw}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <More next={page.next} load={() => void load(page)} />
    </>
  );
}
