// SPDX-License-Identifier: MIT
// The range of dates, filled in from the data itself.
import { dateOnly, lastDays, type Range, wholeYear, yearsOf } from "../../lib/dates";
import type { Column, Dataset } from "../../lib/types";
import { Input, type Option, Select } from "../../parts/fields";
import { tExport } from "../../texts/en/export";

const kLastDays = 30;

/** The date columns that have values; the first is proposed. */
function dateColumns(dataset: Dataset): Column[] {
  const dated = dataset.columns.filter((column) => column.date);
  const filled = dated.filter((column) => dateOnly(column.least) && dateOnly(column.greatest));
  return filled.length > 0 ? filled : dated;
}

function rangeOf(column: Column | undefined): Range | null {
  const from = dateOnly(column?.least);
  const to = dateOnly(column?.greatest);
  return from && to ? { from, to } : null;
}

export interface Choice {
  dataset: Dataset;
  column: Column | undefined;
  from: string;
  to: string;
}

export function choiceFor(dataset: Dataset, column = dateColumns(dataset)[0]): Choice {
  const range = rangeOf(column);
  return { dataset, column, from: range?.from ?? "", to: range?.to ?? "" };
}

export function isWrong(choice: Choice): boolean {
  return choice.from !== "" && choice.to !== "" && choice.from > choice.to;
}

interface DatesProps {
  choice: Choice;
  choose: (choice: Choice) => void;
}

export function Dates({ choice, choose }: DatesProps) {
  const columns = dateColumns(choice.dataset);
  const data = rangeOf(choice.column);
  if (columns.length === 0) return <p class="quiet">{tExport.noDates}</p>;
  const wrong = isWrong(choice);
  const outside =
    data && !wrong && choice.from && choice.to && (choice.from > data.to || choice.to < data.from) ? data : null;
  const preset = (text: string, range: Range) => (
    <button
      type="button"
      aria-pressed={choice.from === range.from && choice.to === range.to}
      onClick={() => choose({ ...choice, ...range })}
    >
      {text}
    </button>
  );
  return (
    <fieldset class="stack tight">
      <legend class="visually-hidden">{tExport.dates}</legend>
      <div class="fields dates">
        <Select
          id="date-column"
          label={tExport.dateColumn}
          value={choice.column?.name ?? ""}
          options={[...columns.map((column): Option => [column.name, column.name]), ["", tExport.allRows]]}
          set={(name) => {
            const found = columns.find((column) => column.name === name);
            choose(found ? choiceFor(choice.dataset, found) : { ...choice, column: undefined, from: "", to: "" });
          }}
        />
        {choice.column
          ? (["from", "to"] as const).map((end) => (
              <Input
                key={end}
                id={end}
                label={tExport[end]}
                type="date"
                value={choice[end]}
                invalid={wrong}
                describedBy="dates-hint"
                set={(value) => choose({ ...choice, [end]: value })}
              />
            ))
          : null}
      </div>
      {choice.column ? (
        <div id="dates-hint" class="stack tight" aria-live="polite">
          {data ? <p class="hint">{tExport.data(data.from, data.to)}</p> : null}
          {wrong ? <p class="fault">{tExport.wrongOrder}</p> : null}
          {outside ? <p class="fault">{tExport.outside(choice.from, choice.to, outside.from, outside.to)}</p> : null}
        </div>
      ) : null}
      {choice.column && data ? (
        <div class="line small-buttons presets">
          <span class="quiet small">{tExport.presets}:</span>
          {preset(tExport.all, data)}
          {yearsOf(data).map((year) => (
            <span key={year}>{preset(tExport.lastYear(year), wholeYear(data, year))}</span>
          ))}
          {lastDays(data, kLastDays).from > data.from ? preset(tExport.last30, lastDays(data, kLastDays)) : null}
        </div>
      ) : null}
    </fieldset>
  );
}
