// SPDX-License-Identifier: MIT
// What most people leave as it is: spelling, header, delimiter, compression, columns.
import type { Dataset } from "../../lib/types";
import { Check, type Option, Select } from "../../parts/fields";
import { tDelimiters } from "../../texts/en/common";
import { tExport } from "../../texts/en/export";

export interface Extra {
  columns: string[];
  values: string;
  header: string;
  delimiter: string;
  compression: string;
  safe: boolean;
}

export const kPlain: Extra = {
  columns: [],
  values: "as_uploaded",
  header: "auto",
  delimiter: ",",
  compression: "none",
  safe: true,
};

type Key = "values" | "header" | "delimiter" | "compression";

const kSelects: [Key, Option[]][] = [
  [
    "values",
    [
      ["as_uploaded", tExport.asUploaded],
      ["typed", tExport.typed],
    ],
  ],
  [
    "header",
    [
      ["auto", tExport.headerAuto],
      ["yes", tExport.headerYes],
      ["no", tExport.headerNo],
    ],
  ],
  [
    "delimiter",
    [
      [",", tDelimiters.comma],
      [";", tDelimiters.semicolon],
      ["\t", tDelimiters.tab],
      ["|", tDelimiters.bar],
    ],
  ],
  [
    "compression",
    [
      ["none", tExport.none],
      ["gzip", "gzip"],
      ["zstd", "zstd"],
    ],
  ],
];

interface ExtrasProps {
  dataset: Dataset;
  extra: Extra;
  set: (change: Partial<Extra>) => void;
}

export function Extras({ dataset, extra, set }: ExtrasProps) {
  const toggle = (name: string, on: boolean) => {
    const chosen = new Set(extra.columns);
    if (on) chosen.add(name);
    else chosen.delete(name);
    set({ columns: dataset.columns.map((column) => column.name).filter((one) => chosen.has(one)) });
  };
  return (
    <details>
      <summary>{tExport.more}</summary>
      <div class="stack">
        <div class="fields">
          {kSelects.map(([key, options]) => (
            <Select
              key={key}
              id={key}
              label={tExport[key]}
              value={extra[key]}
              options={options}
              set={(value) => set({ [key]: value })}
            />
          ))}
        </div>
        <fieldset class="stack tight">
          <legend>{tExport.columns}</legend>
          <p class="hint">{tExport.columnsHint}</p>
          <div class="choices">
            {dataset.columns.map((column) => (
              <Check
                key={column.index}
                checked={extra.columns.includes(column.name)}
                set={(on) => toggle(column.name, on)}
              >
                <span class="wrap">{column.name}</span>
              </Check>
            ))}
          </div>
        </fieldset>
      </div>
    </details>
  );
}
