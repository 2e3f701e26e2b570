// SPDX-License-Identifier: MIT
// One file, from its first byte to its dataset.
import { useRef } from "preact/hooks";
import { bytes, counted } from "../../lib/format";
import type { Upload } from "../../lib/types";
import { Chip } from "../../parts/chip";
import { ask } from "../../parts/dialog";
import { Icon } from "../../parts/icon";
import { Bar } from "../../parts/job_progress";
import { Time } from "../../parts/time";
import { tCommon } from "../../texts/en/common";
import { tUpload } from "../../texts/en/upload";
import * as model from "./model";
import type { Entry } from "./sender";
import { type Action, itemView, localView, type View } from "./view";

function viewOf(row: model.RowData): View {
  const { entry, item } = row;
  // Sent by another tab to the end: from there on it is the server's, as one of our own.
  const theirs = entry?.phase.value === "elsewhere" && item?.state === "complete";
  if (entry && !theirs && (entry.phase.value !== "sent" || !item || item.state === "open")) {
    model.tick.value;
    const rate = model.rateOf(entry);
    return localView({
      phase: entry.phase.value,
      wish: entry.wish.value,
      sent: entry.sent.value,
      size: entry.size,
      rate: rate.perSecond(),
      secondsLeft: rate.secondsFor(entry.size - entry.sent.value),
      trouble: entry.trouble.value,
    });
  }
  return itemView(item as Upload, model.isMoving(item as Upload));
}

async function cancelEntry(entry: Entry): Promise<void> {
  const sent = entry.sent.value;
  const sure =
    sent === 0 ||
    (await ask(tUpload.cancelTitle(entry.name), tUpload.cancelText(sent), tUpload.cancelUpload, tUpload.keep));
  if (sure) model.sender.want(entry, "cancel");
}

async function cancelJob(item: Upload): Promise<void> {
  const job = item.job;
  if (!job) return;
  const text = tUpload.cancelImportText(job.progress.records_done ?? 0);
  if (await ask(tUpload.cancelImportTitle, text, tUpload.cancelImport, tCommon.keepRunning)) {
    await model.controlJob(job.uid, "cancel");
  }
}

async function deleteItem(item: Upload): Promise<void> {
  const name = item.filename ?? item.uid;
  if (await ask(tUpload.deleteTitle(name), tUpload.deleteText, tUpload.deleteUpload, tUpload.keepFile)) {
    await model.deleteUpload(item);
  }
}

interface ActionProps {
  action: Action;
  row: model.RowData;
  name: string;
}

function ActionButton({ action, row, name }: ActionProps) {
  const { entry, item } = row;
  const input = useRef<HTMLInputElement>(null);
  const job = item?.job;
  // The name of the file makes each button's name unique for screen readers.
  const button = (text: string, icon: Parameters<typeof Icon>[0]["name"], act: () => unknown) => (
    <button type="button" data-action={action} aria-label={`${text}: ${name}`} onClick={() => void act()}>
      <Icon name={icon} />
      {text}
    </button>
  );
  const link = (text: string, href: string) => (
    <a class="button" data-action={action} aria-label={`${text}: ${name}`} href={href}>
      {text}
    </a>
  );
  switch (action) {
    case "pause":
      return button(tCommon.pause, "pause", () => entry && model.sender.want(entry, "pause"));
    case "resume":
      return button(tCommon.resume, "play", () => entry && model.sender.want(entry, "run"));
    case "retry":
      return button(tCommon.retry, "again", () => entry && model.sender.want(entry, "run"));
    case "restart":
      return button(tCommon.restart, "again", () => entry && model.sender.want(entry, "restart"));
    case "cancel":
      return button(tCommon.cancel, "cross", () => entry && cancelEntry(entry));
    case "job-pause":
      return button(tCommon.pause, "pause", () => job && model.controlJob(job.uid, "pause"));
    case "job-resume":
      return button(tCommon.resume, "play", () => job && model.controlJob(job.uid, "resume"));
    case "job-retry":
      return button(tCommon.retry, "again", () => job && model.controlJob(job.uid, "retry"));
    case "job-cancel":
      return button(tCommon.cancel, "cross", () => item && cancelJob(item));
    case "delete":
      return button(tCommon.delete, "trash", () => item && deleteItem(item));
    case "open":
      return link(tUpload.open, `/datasets/${item?.dataset?.uid}`);
    case "rejects":
      return link(tUpload.rejects, `/datasets/${item?.dataset?.uid}?show=rejects`);
    case "look":
      return link(job?.state === "succeeded" ? tUpload.loadAgain : tUpload.look, `/upload/${item?.uid}`);
    case "choose": {
      if (!item) return null;
      const kept = model.handles.value.get(item.uid);
      if (kept) return button(tUpload.resumeHandle, "play", () => model.goOnWithHandle(item, kept));
      return (
        <>
          {button(tUpload.chooseAgain, "file", () => input.current?.click())}
          <input
            ref={input}
            type="file"
            hidden
            data-continue={item.uid}
            aria-label={`${tUpload.chooseAgain}: ${name}`}
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = "";
              if (file) void model.goOn(item, file, null);
            }}
          />
        </>
      );
    }
  }
}

function Mismatch({ item }: { item: Upload }) {
  const found = model.mismatches.value.get(item.uid);
  if (!found) return null;
  return (
    <div class="notice warn stack tight" role="alert">
      <p>{found.text}</p>
      <p class="line small-buttons">
        <button
          type="button"
          onClick={() => {
            model.clearMismatch(item.uid);
            model.take([{ file: found.file, handle: null }]);
          }}
        >
          {tUpload.asNew}
        </button>
        <button type="button" onClick={() => model.clearMismatch(item.uid)}>
          {tUpload.another}
        </button>
      </p>
    </div>
  );
}

/** No question that stops the upload: it can be cancelled, and the dataset of before is one click away. */
function SeenBefore({ entry }: { entry: Entry }) {
  const before = entry.before.value;
  if (!before || entry.phase.value === "cancelled") return null;
  return (
    <div class="row-rest quiet small">
      <p>
        {tUpload.again(before.at, before.name)} <a href={`/datasets/${before.uid}`}>{tUpload.openIt}</a>
      </p>
    </div>
  );
}

export function Row({ row }: { row: model.RowData }) {
  const { entry, item } = row;
  const view = viewOf(row);
  const name = entry?.name ?? item?.filename ?? item?.uid ?? "";
  const size = entry?.size ?? item?.length ?? null;
  const uid = entry?.uid.value ?? item?.uid ?? "";
  return (
    <li class="row" data-uid={uid} data-name={name} data-phase={entry?.phase.value ?? ""} data-word={view.word}>
      <div class="row-name">
        <strong>{name}</strong>
        <Chip tone={view.tone} word={view.word} icon={view.word === tUpload.paused ? "pause" : undefined} />
        <span class="hint">
          {size === null ? null : bytes(size)}
          {item?.import?.loaded != null && view.tone === "ok" ? ` · ${counted(item.import.loaded, "row")}` : null}
          {item ? (
            <>
              {" · "}
              <Time at={item.created_at} />
            </>
          ) : null}
        </span>
      </div>
      <div class="row-actions small-buttons">
        {view.actions.map((action) => (
          <ActionButton key={action} action={action} row={row} name={name} />
        ))}
      </div>
      {view.part !== undefined || view.line || view.fault || (item && model.mismatches.value.has(item.uid)) ? (
        <div class="row-rest">
          {view.part !== undefined ? <Bar part={view.part} label={`${name}: ${view.word}`} still={view.still} /> : null}
          {view.line ? <p class="quiet small">{view.line}</p> : null}
          {view.fault ? <p class="fault">{view.fault}</p> : null}
          {item ? <Mismatch item={item} /> : null}
        </div>
      ) : null}
      {entry ? <SeenBefore entry={entry} /> : null}
    </li>
  );
}
