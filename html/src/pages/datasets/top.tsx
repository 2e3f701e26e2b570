// SPDX-License-Identifier: MIT
// The most frequent values of a column, with their share of the rows that were looked at.
import { count } from "../../lib/format";
import type { Dataset, TopValue, TopValuesAnswer } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { useFetched } from "../../parts/pages";
import { tCommon } from "../../texts/en/common";
import { tDatasets } from "../../texts/en/datasets";

function Value({ value }: { value: string | null }) {
  if (value === null) return <em class="no-value">NULL</em>;
  if (value === "") return <em class="no-value">{tDatasets.noText}</em>;
  return <span class="top-value">{value}</span>;
}

interface Props {
  dataset: Dataset;
  /** Of the column, from 1. */
  number: number;
}

export function TopValues({ dataset, number }: Props) {
  // Other rows have other values: counted anew after each import and each undo.
  const top = useFetched<TopValue>(`/datasets/${dataset.uid}/columns/${number}/top?limit=10`, dataset.row_count);
  if (top.fault) return <Fault fault={top.fault} />;
  if (!top.first) return <p class="quiet">{tCommon.loading}</p>;
  const { rows, of } = top.first as unknown as TopValuesAnswer;
  if (rows === 0) return <p class="quiet">{tDatasets.noRows}</p>;
  return (
    <div class="stack tight top-values">
      <ol class="plain-list">
        {top.items.map((one) => (
          <li key={JSON.stringify(one.value)}>
            <Value value={one.value} />
            <span class="number">{count(one.count)}</span>
            <span class="number quiet">{tDatasets.percent(one.count / rows)}</span>
            <progress value={one.count} max={rows} aria-hidden="true" />
          </li>
        ))}
      </ol>
      {rows < of ? <p class="quiet small">{tDatasets.among(rows, of)}</p> : null}
    </div>
  );
}
