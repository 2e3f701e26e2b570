// SPDX-License-Identifier: MIT
// One dataset: what is in it, where it came from, and what can be done with it.
import { useEffect, useState } from "preact/hooks";
import { remove } from "../../lib/api";
import { count, counted } from "../../lib/format";
import { query, setQuery } from "../../lib/route";
import { nameTab } from "../../lib/tell";
import type { Dataset, DatasetImport } from "../../lib/types";
import { ask } from "../../parts/dialog";
import { Fault } from "../../parts/fault";
import { Icon } from "../../parts/icon";
import { Time } from "../../parts/time";
import { insteadOf, usePoll } from "../../parts/use_poll";
import { tCommon } from "../../texts/en/common";
import { tDatasets } from "../../texts/en/datasets";
import { tExport } from "../../texts/en/export";
import { tJobs } from "../../texts/en/jobs";
import { tUpload } from "../../texts/en/upload";
import { ColumnsTable } from "./columns";
import { Filter } from "./filter";
import { covered } from "./list";
import { RejectsTable, RowsTable } from "./tables";

const kViews = ["rows", "columns", "rejects", "imports"] as const;

interface ImportsProps {
  dataset: Dataset;
  undo: (one: DatasetImport) => void;
}

function Imports({ dataset, undo }: ImportsProps) {
  return (
    <ul class="rows">
      {dataset.imports.map((one) => (
        <li class="row" key={one.uid}>
          <div class="row-name">
            {one.upload_uid ? (
              <a href={`/upload/${one.upload_uid}`}>{one.filename ?? one.upload_uid}</a>
            ) : (
              <strong>{one.filename}</strong>
            )}
            <span class="hint">{one.published_at ? <Time at={one.published_at} /> : null}</span>
          </div>
          <div class="row-actions small-buttons">
            {one.upload_uid ? (
              <a class="button" href={`/upload/${one.upload_uid}`}>
                {tUpload.loadAgain}
              </a>
            ) : null}
            <button type="button" onClick={() => undo(one)}>
              {tDatasets.undo}
            </button>
          </div>
          <p class="row-rest quiet small">
            {tDatasets.account(count(one.records), count(one.loaded), count(one.rejected), count(one.skipped))}
          </p>
          {one.notices.map((notice) => (
            <p key={notice} class="row-rest small">
              {notice}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}

export function One({ uid }: { uid: string }) {
  const one = usePoll<Dataset>(`/datasets/${uid}`);
  const [fault, setFault] = useState<unknown>(null);
  const dataset = one.data.value;
  const instead = insteadOf(one, tDatasets.title);
  useEffect(() => {
    if (dataset) nameTab(dataset.name);
  }, [dataset?.name]);
  if (instead || !dataset) return instead;

  const rejected = dataset.imports.reduce((sum, each) => sum + each.rejected, 0);
  const view = kViews.find((name) => name === query.value.get("show")) ?? "rows";
  const undo = async (which: DatasetImport) => {
    const text = tDatasets.undoText(which.loaded);
    if (!(await ask(tDatasets.undoTitle(which.filename ?? ""), text, tDatasets.undo, tDatasets.keep))) return;
    setFault(null);
    await remove(`/datasets/${uid}/imports/${which.uid}`).catch(setFault);
    one.now();
  };
  const drop = async () => {
    const title = tDatasets.deleteTitle(dataset.name);
    const text = tDatasets.deleteText(dataset.row_count);
    if (!(await ask(title, text, tDatasets.delete, tDatasets.keep, dataset.name))) return;
    setFault(null);
    try {
      await remove(`/datasets/${uid}`);
      location.assign("/datasets");
    } catch (caught) {
      setFault(caught);
    }
  };
  const tabs: Record<(typeof kViews)[number], string> = {
    rows: tDatasets.data,
    columns: `${tDatasets.columns} (${count(dataset.columns.length)})`,
    rejects: `${tDatasets.rejects} (${count(rejected)})`,
    imports: `${tDatasets.imports} (${count(dataset.imports.length)})`,
  };
  return (
    <>
      <p class="crumbs">
        <a href="/datasets">{tDatasets.title}</a>
      </p>
      <div class="title">
        <div class="stack tight">
          <h1>{dataset.name}</h1>
          <p class="quiet" id="summary">
            {[
              counted(dataset.row_count, "row"),
              counted(dataset.columns.length, "column"),
              covered(dataset),
              rejected ? tCommon.rejected(rejected) : null,
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <p class="line small-buttons">
          <a class="button primary" href={`/export?dataset=${uid}`}>
            <Icon name="down" />
            {tExport.title}
          </a>
          <a class="button" href={`/upload?dataset=${encodeURIComponent(dataset.name)}`}>
            {tDatasets.append}
          </a>
          <a class="button" href={`/jobs?dataset=${uid}`}>
            {tJobs.title}
          </a>
          <button type="button" onClick={() => void drop()}>
            <Icon name="trash" />
            {tCommon.delete}
          </button>
        </p>
      </div>
      <Fault fault={fault} />
      {view === "imports"
        ? null
        : dataset.imports.at(-1)?.notices.map((notice) => (
            <p key={notice} class="notice" data-notice>
              {notice}
            </p>
          ))}
      <div class="card flush">
        <div class="bar">
          <div class="line small-buttons presets">
            {kViews.map((name) => (
              <button
                key={name}
                type="button"
                data-view={name}
                aria-pressed={view === name}
                onClick={() => setQuery("show", name === "rows" ? "" : name)}
              >
                {tabs[name]}
              </button>
            ))}
          </div>
        </div>
        {view === "rows" && dataset.columns.some((column) => column.nulls !== undefined) ? (
          <Filter dataset={dataset} />
        ) : null}
        {view === "rows" ? <RowsTable dataset={dataset} /> : null}
        {view === "columns" ? <ColumnsTable dataset={dataset} /> : null}
        {view === "rejects" ? <RejectsTable dataset={dataset} /> : null}
        {view === "imports" ? <Imports dataset={dataset} undo={(which) => void undo(which)} /> : null}
      </div>
    </>
  );
}
