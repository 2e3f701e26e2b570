// SPDX-License-Identifier: MIT
// Name, type, date format and words for "no value", column by column.
import type { Preview } from "../../../lib/types";
import { Input, Select } from "../../../parts/fields";
import { tReview } from "../../../texts/en/upload";
import { type ColumnChange, kTypes, plainType, words } from "./options";

interface ColumnsProps {
  preview: Preview;
  columns: Record<number, ColumnChange>;
  change: (index: number, what: ColumnChange) => void;
}

export function ColumnFields({ preview, columns, change }: ColumnsProps) {
  return (
    <details>
      <summary>{tReview.columns(preview.columns.length)}</summary>
      <div class="stack">
        {preview.columns.map((column, at) => {
          const index = column.index ?? at;
          const changed = columns[index] ?? {};
          const type = changed.type ?? plainType(column.type);
          return (
            <fieldset key={index} class="fields dates review-column">
              <legend class="visually-hidden">{`${tReview.column} ${column.name}`}</legend>
              <Input
                id={`name-${index}`}
                label={tReview.name}
                value={changed.name ?? column.name}
                set={(name) => change(index, { name })}
              />
              <Select
                id={`type-${index}`}
                label={
                  <>
                    {tReview.type}
                    {column.ambiguous ? <span class="hint"> ({tReview.ambiguous})</span> : null}
                  </>
                }
                value={type}
                options={[...new Set([plainType(column.type), ...kTypes])].map((name) => [name, name])}
                set={(name) => change(index, { type: name })}
              />
              {/date|time/.test(type) ? (
                <Input
                  id={`date-${index}`}
                  label={tReview.dateFormat}
                  value={changed.date_format ?? ""}
                  placeholder="%Y-%m-%d"
                  set={(format) => change(index, { date_format: format || undefined })}
                />
              ) : null}
              <Input
                id={`null-${index}`}
                label={tReview.nullWords}
                placeholder="NA, NULL"
                value={(changed.null_words ?? []).join(", ")}
                lazy
                set={(text) => change(index, { null_words: words(text) })}
              />
            </fieldset>
          );
        })}
      </div>
    </details>
  );
}
