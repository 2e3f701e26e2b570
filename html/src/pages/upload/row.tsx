// SPDX-License-Identifier: MIT
// One file, from its first byte to its dataset.
import { useRef } from "preact/hooks";
import { bytes } from "../../lib/format";
import type { Upload } from "../../lib/types";
import { Chip } from "../../parts/chip";
import { ask } from "../../parts/dialog";
import { Icon } from "../../parts/icon";
import { Bar } from "../../parts/job_progress";
import { Time } from "../../parts/time";
import { t } from "../../texts/en";
import * as model from "./model";
import type { Entry } from "./sender";
import { type Action, itemView, localView, type View } from "./view";

function viewOf(row: model.RowData): View {
  const { entry, item } = row;
  if (entry && (entry.phase.value !== "sent" || !item || item.state === "open")) {
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
    (await ask(t.upload.cancelTitle(entry.name), t.upload.cancelText(sent), t.upload.cancelUpload, t.upload.keep));
  if (sure) model.sender.want(entry, "cancel");
}

async function cancelJob(item: Upload): Promise<void> {
  const job = item.job;
  if (!job) return;
  const text = t.upload.cancelImportText(job.progress.records_done ?? 0);
  if (await ask(t.upload.cancelImportTitle, text, t.upload.cancelImport, t.common.keepRunning)) {
    await model.controlJob(job.uid, "cancel");
  }
}

async function deleteItem(item: Upload): Promise<void> {
  const name = item.filename ?? item.uid;
  if (await ask(t.upload.deleteTitle(name), t.upload.deleteText, t.upload.deleteUpload, t.upload.keepFile)) {
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
      return button(t.common.pause, "pause", () => entry && model.sender.want(entry, "pause"));
    case "resume":
      return button(t.common.resume, "play", () => entry && model.sender.want(entry, "run"));
    case "retry":
      return button(t.common.retry, "again", () => entry && model.sender.want(entry, "run"));
    case "restart":
      return button(t.common.restart, "again", () => entry && model.sender.want(entry, "restart"));
    case "cancel":
      return button(t.common.cancel, "cross", () => entry && cancelEntry(entry));
    case "job-pause":
      return button(t.common.pause, "pause", () => job && model.controlJob(job.uid, "pause"));
    case "job-resume":
      return button(t.common.resume, "play", () => job && model.controlJob(job.uid, "resume"));
    case "job-retry":
      return button(t.common.retry, "again", () => job && model.controlJob(job.uid, "retry"));
    case "job-cancel":
      return button(t.common.cancel, "cross", () => item && cancelJob(item));
    case "delete":
      return button(t.common.delete, "trash", () => item && deleteItem(item));
    case "open":
      return link(t.upload.open, `/datasets/${item?.dataset?.uid}`);
    case "rejects":
      return link(t.upload.rejects, `/datasets/${item?.dataset?.uid}?show=rejects`);
    case "look":
      return link(job?.state === "succeeded" ? t.upload.loadAgain : t.upload.look, `/upload/${item?.uid}`);
    case "choose": {
      if (!item) return null;
      const kept = model.handles.value.get(item.uid);
      if (kept) return button(t.upload.resumeHandle, "play", () => model.goOnWithHandle(item, kept));
      return (
        <>
          {button(t.upload.chooseAgain, "file", () => input.current?.click())}
          <input
            ref={input}
            type="file"
            hidden
            data-continue={item.uid}
            aria-label={`${t.upload.chooseAgain}: ${name}`}
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
          {t.upload.asNew}
        </button>
        <button type="button" onClick={() => model.clearMismatch(item.uid)}>
          {t.upload.another}
        </button>
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
        <Chip tone={view.tone} word={view.word} icon={view.word === t.upload.paused ? "pause" : undefined} />
        <span class="hint">
          {size === null ? null : bytes(size)}
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
    </li>
  );
}
