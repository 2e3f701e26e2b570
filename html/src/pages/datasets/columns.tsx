// SPDX-License-Identifier: MIT
// What is known of each column. Its most frequent values are counted when somebody asks for them.
import { useState } from "preact/hooks";
import type { Column, Dataset } from "../../lib/types";
import { tDatasets } from "../../texts/en/datasets";
import { TopValues } from "./top";

interface RowProps {
  dataset: Dataset;
  column: Column;
  /** From 1. */
  number: number;
  /** Whether the table has the columns of what was counted. */
  counted: boolean;
}

function ColumnRow({ dataset, column, number, counted }: RowProps) {
  const [open, setOpen] = useState(false);
  const verb = open ? tDatasets.hide : tDatasets.show;
  return (
    <>
      <tr>
        <th scope="row" class="wrap">
          {column.name}
        </th>
        <td data-label={tDatasets.type}>
          <code>{column.type}</code>
        </td>
        {counted ? (
          <>
            <td class="number" data-label={tDatasets.nulls}>
              {column.nulls == null || !dataset.row_count
                ? "–"
                : tDatasets.percent(Math.min(1, column.nulls / dataset.row_count))}
            </td>
            <td class="number" data-label={tDatasets.distinct}>
              {column.distinct == null ? "–" : tDatasets.about(column.distinct)}
            </td>
          </>
        ) : null}
        <td class="wrap" data-label={tDatasets.least}>
          {column.least ?? "–"}
        </td>
        <td class="wrap" data-label={tDatasets.greatest}>
          {column.greatest ?? "–"}
        </td>
        <td data-label={tDatasets.top} class="small-buttons">
          <button
            type="button"
            data-top={number}
            aria-label={`${verb} ${tDatasets.topOf(column.name)}`}
            onClick={() => setOpen(!open)}
          >
            {verb}
          </button>
        </td>
      </tr>
      {open ? (
        <tr class="detail" data-top-of={number}>
          <td class="long" colSpan={counted ? 7 : 5}>
            <TopValues dataset={dataset} number={number} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

export function ColumnsTable({ dataset }: { dataset: Dataset }) {
  const counted = dataset.columns.some((column) => column.nulls != null || column.distinct != null);
  return (
    <table class="cards" id="columns">
      <caption class="visually-hidden">{tDatasets.columns}</caption>
      <thead>
        <tr>
          <th scope="col">{tDatasets.column}</th>
          <th scope="col">{tDatasets.type}</th>
          {counted ? (
            <>
              <th scope="col" class="number">
                {tDatasets.nulls}
              </th>
              <th scope="col" class="number">
                {tDatasets.distinct}
              </th>
            </>
          ) : null}
          <th scope="col">{tDatasets.least}</th>
          <th scope="col">{tDatasets.greatest}</th>
          <th scope="col">{tDatasets.top}</th>
        </tr>
      </thead>
      <tbody>
        {dataset.columns.map((column, at) => (
          <ColumnRow key={column.index} dataset={dataset} column={column} number={at + 1} counted={counted} />
        ))}
      </tbody>
    </table>
  );
}
