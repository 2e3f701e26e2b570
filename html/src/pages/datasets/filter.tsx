// SPDX-License-Identifier: MIT
// One column narrows the rows down. Kept in the address, so that a link shows the same rows.
import { query, setQueries } from "../../lib/route";
import type { Dataset } from "../../lib/types";
import { Input, type Option, Select } from "../../parts/fields";
import { tDatasets } from "../../texts/en/datasets";

const kNames = ["column", "equals", "least", "greatest", "null"] as const;
type How = "equals" | "range" | "null";
const kHows: Option[] = [
  ["equals", tDatasets.equals],
  ["range", tDatasets.between],
  ["null", tDatasets.isNull],
];

function howNow(): How {
  if (query.value.has("null")) return "null";
  return query.value.has("least") || query.value.has("greatest") || query.value.get("how") === "range"
    ? "range"
    : "equals";
}

/** What the server is asked for; empty while the filter says nothing yet. */
export function filterQuery(): string {
  const asked = new URLSearchParams();
  for (const name of kNames) {
    const value = query.value.get(name);
    if (value) asked.set(name, value);
  }
  return asked.has("column") && asked.size > 1 ? `&${asked}` : "";
}

const kNone = { equals: "", least: "", greatest: "", null: "", how: "" };

export function Filter({ dataset }: { dataset: Dataset }) {
  const column = query.value.get("column") ?? "";
  const how = howNow();
  const found = dataset.columns.find((one) => one.name === column);
  const type = found?.date && !/time/.test(found.type) ? "date" : "text";
  const value = (name: (typeof kNames)[number], label: string) => (
    <Input
      key={`${name} ${column}`}
      id={`filter-${name}`}
      label={label}
      type={type}
      lazy
      value={query.value.get(name) ?? ""}
      set={(text) => setQueries({ [name]: text })}
    />
  );
  return (
    <search class="fields dates filter" aria-label={tDatasets.filter}>
      <Select
        id="filter-column"
        label={tDatasets.filterColumn}
        value={column}
        options={[["", tDatasets.allRows], ...dataset.columns.map((one): Option => [one.name, one.name])]}
        set={(name) => setQueries({ ...kNone, column: name })}
      />
      {column ? (
        <Select
          id="filter-how"
          label={tDatasets.filterHow}
          value={how}
          options={kHows}
          set={(next) =>
            setQueries({ ...kNone, null: next === "null" ? "true" : "", how: next === "range" ? next : "" })
          }
        />
      ) : null}
      {column && how === "equals" ? value("equals", tDatasets.value) : null}
      {column && how === "range" ? value("least", tDatasets.from) : null}
      {column && how === "range" ? value("greatest", tDatasets.to) : null}
    </search>
  );
}
