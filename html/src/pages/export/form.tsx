// SPDX-License-Identifier: MIT
// What to export: a dataset and a range of dates, filled in from the data itself.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../lib/api";
import { dateOnly, lastDays, type Range, wholeYear, yearsOf } from "../../lib/dates";
import { count } from "../../lib/format";
import { query } from "../../lib/route";
import type { Column, Dataset, ExportRequest, Page } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { tCommon } from "../../texts/en/common";
import { tExport } from "../../texts/en/export";
import { start } from "./model";

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

interface Choice {
  dataset: Dataset;
  column: Column | undefined;
  from: string;
  to: string;
}

function choiceFor(dataset: Dataset, column = dateColumns(dataset)[0]): Choice {
  const range = rangeOf(column);
  return { dataset, column, from: range?.from ?? "", to: range?.to ?? "" };
}

interface DatesProps {
  choice: Choice;
  choose: (choice: Choice) => void;
}

function Dates({ choice, choose }: DatesProps) {
  const columns = dateColumns(choice.dataset);
  const data = rangeOf(choice.column);
  if (columns.length === 0) return <p class="quiet">{tExport.noDates}</p>;
  const wrong = choice.from !== "" && choice.to !== "" && choice.from > choice.to;
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
      <div class="fields">
        <div class="field">
          <label for="date-column">{tExport.dateColumn}</label>
          <select
            id="date-column"
            value={choice.column?.name ?? ""}
            onChange={(event) => {
              const found = columns.find((column) => column.name === event.currentTarget.value);
              choose(found ? choiceFor(choice.dataset, found) : { ...choice, column: undefined, from: "", to: "" });
            }}
          >
            {columns.map((column) => (
              <option key={column.index} value={column.name}>
                {column.name}
              </option>
            ))}
            <option value="">{tExport.allRows}</option>
          </select>
        </div>
        {choice.column ? (
          <>
            <div class="field">
              <label for="from">{tExport.from}</label>
              <input
                id="from"
                type="date"
                value={choice.from}
                aria-invalid={wrong}
                aria-describedby="dates-hint"
                onInput={(event) => choose({ ...choice, from: event.currentTarget.value })}
              />
            </div>
            <div class="field">
              <label for="to">{tExport.to}</label>
              <input
                id="to"
                type="date"
                value={choice.to}
                aria-invalid={wrong}
                aria-describedby="dates-hint"
                onInput={(event) => choose({ ...choice, to: event.currentTarget.value })}
              />
            </div>
          </>
        ) : null}
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
          {preset(tExport.last30, lastDays(data, kLastDays))}
        </div>
      ) : null}
    </fieldset>
  );
}

interface Extra {
  columns: string[];
  values: string;
  header: string;
  delimiter: string;
  compression: string;
  safe: boolean;
}

interface SelectProps {
  id: string;
  label: string;
  value: string;
  options: [string, string][];
  set: (value: string) => void;
}

function Select({ id, label, value, options, set }: SelectProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => set(event.currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface ExtrasProps {
  dataset: Dataset;
  extra: Extra;
  set: (change: Partial<Extra>) => void;
}

function Extras({ dataset, extra, set }: ExtrasProps) {
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
          <Select
            id="values"
            label={tExport.values}
            value={extra.values}
            options={[
              ["as_uploaded", tExport.asUploaded],
              ["typed", tExport.typed],
            ]}
            set={(values) => set({ values })}
          />
          <Select
            id="header"
            label={tExport.header}
            value={extra.header}
            options={[
              ["auto", tExport.headerAuto],
              ["yes", tExport.headerYes],
              ["no", tExport.headerNo],
            ]}
            set={(header) => set({ header })}
          />
          <Select
            id="delimiter"
            label={tExport.delimiter}
            value={extra.delimiter}
            options={[
              [",", ","],
              [";", ";"],
              ["\t", "Tab"],
              ["|", "|"],
            ]}
            set={(delimiter) => set({ delimiter })}
          />
          <Select
            id="compression"
            label={tExport.compression}
            value={extra.compression}
            options={[
              ["none", tExport.none],
              ["gzip", "gzip"],
              ["zstd", "zstd"],
            ]}
            set={(compression) => set({ compression })}
          />
        </div>
        <fieldset class="stack tight">
          <legend>{tExport.columns}</legend>
          <p class="hint">{tExport.columnsHint}</p>
          <div class="choices">
            {dataset.columns.map((column) => (
              <label class="check" key={column.index}>
                <input
                  type="checkbox"
                  checked={extra.columns.includes(column.name)}
                  onChange={(event) => toggle(column.name, event.currentTarget.checked)}
                />
                <span class="wrap">{column.name}</span>
              </label>
            ))}
          </div>
        </fieldset>
      </div>
    </details>
  );
}

const kPlain: Extra = {
  columns: [],
  values: "as_uploaded",
  header: "auto",
  delimiter: ",",
  compression: "none",
  safe: true,
};

export function Form({ started }: { started: (uid: string) => void }) {
  const [datasets, setDatasets] = useState<Dataset[] | null>(null);
  const [choice, setChoice] = useState<Choice | null>(null);
  const [extra, setExtra] = useState<Extra>(kPlain);
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const show = async (uid: string) => {
    try {
      // The list may leave out what only the dataset itself tells: its columns with their least and greatest values.
      setChoice(choiceFor(await get<Dataset>(`/datasets/${uid}`)));
      setExtra((before) => ({ ...before, columns: [] }));
    } catch (caught) {
      setFault(caught);
    }
  };
  useEffect(() => {
    get<Page<Dataset>>("/datasets?limit=100")
      .then((page) => {
        setDatasets(page.items);
        const wanted = query.value.get("dataset");
        const first = page.items.find((one) => one.uid === wanted || one.name === wanted) ?? page.items[0];
        const uid = first?.uid ?? wanted;
        if (uid) void show(uid);
      })
      .catch(setFault);
  }, []);

  const wrong = choice !== null && choice.from !== "" && choice.to !== "" && choice.from > choice.to;
  const submit = async () => {
    if (!choice || wrong) return;
    setBusy(true);
    setFault(null);
    const request: ExportRequest = {
      dataset: choice.dataset.uid,
      values: extra.values,
      header: extra.header,
      compression: extra.compression,
      formulas: extra.safe ? "escape" : "keep",
    };
    if (extra.delimiter !== ",") request.delimiter = extra.delimiter;
    if (extra.columns.length > 0) request.columns = extra.columns;
    if (choice.column && (choice.from || choice.to)) {
      request.date_column = choice.column.name;
      if (choice.from) request.from = choice.from;
      if (choice.to) request.to = choice.to;
    }
    try {
      started(await start(request));
    } catch (caught) {
      setFault(caught);
    }
    setBusy(false);
  };

  if (datasets?.length === 0) {
    return (
      <section class="card">
        <p class="empty">
          <span>{tExport.noDatasets}</span>
          <a class="button primary" href="/upload">
            {tExport.toUpload}
          </a>
        </p>
      </section>
    );
  }
  return (
    <section class="card" aria-labelledby="form-title">
      <h2 id="form-title">{tExport.formTitle}</h2>
      <Fault fault={fault} />
      {choice && datasets ? (
        <form
          id="export-form"
          class="stack"
          data-dataset={choice.dataset.uid}
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <div class="field">
            <label for="dataset">{tExport.dataset}</label>
            <select
              id="dataset"
              value={choice.dataset.uid}
              aria-describedby="dataset-hint"
              onChange={(event) => void show(event.currentTarget.value)}
            >
              {(datasets.some((one) => one.uid === choice.dataset.uid) ? datasets : [choice.dataset, ...datasets]).map(
                (one) => (
                  <option key={one.uid} value={one.uid}>
                    {one.name}
                  </option>
                ),
              )}
            </select>
            <span class="hint" id="dataset-hint">
              {tExport.size(count(choice.dataset.row_count), choice.dataset.columns.length)}
            </span>
          </div>
          <Dates choice={choice} choose={setChoice} />
          <label class="check">
            <input
              type="checkbox"
              id="safe"
              checked={extra.safe}
              onChange={(event) => setExtra({ ...extra, safe: event.currentTarget.checked })}
            />
            <span>
              {tExport.formulas}
              <span class="hint">{tExport.formulasHint}</span>
            </span>
          </label>
          <Extras
            dataset={choice.dataset}
            extra={extra}
            set={(change) => setExtra((before) => ({ ...before, ...change }))}
          />
          <p>
            <button type="submit" class="primary" id="start" disabled={busy || wrong}>
              {tExport.start}
            </button>
          </p>
        </form>
      ) : fault ? null : (
        <p class="quiet">{tCommon.loading}</p>
      )}
    </section>
  );
}
