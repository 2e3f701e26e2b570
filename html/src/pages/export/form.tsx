// SPDX-License-Identifier: MIT
// What to export: a dataset, a range of dates, and what else may be wished.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../lib/api";
import { isActive } from "../../lib/control";
import { count, fraction } from "../../lib/format";
import { query } from "../../lib/route";
import type { Dataset, Export, ExportRequest } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { Check, Select } from "../../parts/fields";
import { tCommon } from "../../texts/en/common";
import { tExport } from "../../texts/en/export";
import { type Choice, choiceFor, Dates, isWrong } from "./dates";
import { type Extra, Extras, kPlain } from "./extras";
import * as model from "./model";

function requestFrom(choice: Choice, extra: Extra): ExportRequest {
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
  return request;
}

/** The same settings, in whatever order they are named. */
function isSame(left: ExportRequest, right: ExportRequest): boolean {
  const text = (one: ExportRequest) => JSON.stringify(Object.entries(one).sort());
  return text(left) === text(right);
}

interface FormProps {
  /** What is on the list: one with the same settings may be at work. */
  exports: Export[];
  started: (uid: string) => void;
}

const kTypingMs = 300;

/** How many rows and bytes it would be, before it is started. */
function SizeOf({ request }: { request: ExportRequest | null }) {
  const [size, setSize] = useState<model.Estimate | null>(null);
  const asked = request ? JSON.stringify(request) : null;
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(async () => {
      const found = asked ? await model.estimate(JSON.parse(asked)) : null;
      if (!gone) setSize(found);
    }, kTypingMs);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [asked]);
  if (!request || !size) return null;
  return (
    <p class="quiet" id="estimate" aria-live="polite">
      {tExport.estimate(size.rows, size.rows_exact, size.bytes, request.compression !== "none")}
    </p>
  );
}

/** An export with the same settings that is still at work, so that nobody makes the same twice by mistake. */
function SameRunning({ same }: { same: Export | undefined }) {
  if (!same) return null;
  const part = fraction(same.progress);
  return (
    <p class="notice" id="same-running">
      {tExport.sameRunning(same.uid.slice(0, 8), part === null ? null : Math.min(99, Math.floor(part * 100)))}{" "}
      <a href={`/export/${same.uid}`}>{tExport.openIt}</a>
    </p>
  );
}

export function Form({ exports, started }: FormProps) {
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
    model
      .allDatasets()
      .then((items) => {
        setDatasets(items);
        const wanted = query.value.get("dataset");
        const first = items.find((one) => one.uid === wanted || one.name === wanted) ?? items[0];
        const uid = first?.uid ?? wanted;
        if (uid) void show(uid);
      })
      .catch(setFault);
  }, []);

  const wrong = choice !== null && isWrong(choice);
  const request = choice ? requestFrom(choice, extra) : null;
  const same = request
    ? exports.find((one) => isActive(one.state) && isSame(request, model.requestOf(one)))
    : undefined;
  const submit = async () => {
    if (!request || wrong) return;
    setBusy(true);
    setFault(null);
    try {
      started(await model.start(request));
    } catch (caught) {
      setFault(caught);
    }
    setBusy(false);
  };

  const listed = (datasets ?? []).some((one) => one.uid === choice?.dataset.uid)
    ? (datasets ?? [])
    : [...(choice ? [choice.dataset] : []), ...(datasets ?? [])];
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
          <Select
            id="dataset"
            label={tExport.dataset}
            value={choice.dataset.uid}
            options={listed.map((one) => [one.uid, one.name])}
            hint={tExport.size(count(choice.dataset.row_count), choice.dataset.columns.length)}
            set={(uid) => void show(uid)}
          />
          <Dates choice={choice} choose={setChoice} />
          <Check
            id="safe"
            checked={extra.safe}
            hint={tExport.formulasHint}
            set={(safe) => setExtra({ ...extra, safe })}
          >
            {tExport.formulas}
          </Check>
          <Extras
            dataset={choice.dataset}
            extra={extra}
            set={(change) => setExtra((before) => ({ ...before, ...change }))}
          />
          <SizeOf request={wrong ? null : request} />
          <SameRunning same={same} />
          <p>
            <button type="submit" class="primary" id="start" disabled={busy || wrong}>
              {same ? tExport.startAnother : tExport.start}
            </button>
          </p>
        </form>
      ) : fault ? null : (
        <p class="quiet">{tCommon.loading}</p>
      )}
    </section>
  );
}
