// SPDX-License-Identifier: MIT
// The buttons of one file.
import { useRef } from "preact/hooks";
import { get } from "../../lib/api";
import type { Upload } from "../../lib/types";
import { ask } from "../../parts/dialog";
import { Icon } from "../../parts/icon";
import { tCommon } from "../../texts/en/common";
import { tUpload } from "../../texts/en/upload";
import type { Entry } from "./entry";
import * as model from "./model";
import type { Action } from "./view";

async function takeBack(entry: Entry, wish: "cancel" | "restart"): Promise<void> {
  const { name, sent } = entry;
  const cancel = wish === "cancel";
  const title = cancel ? tUpload.cancelTitle(name) : tUpload.restartTitle(name);
  const yes = cancel ? tUpload.cancelUpload : tCommon.restart;
  if (sent.value !== 0 && !(await ask(title, tUpload.cancelText(sent.value), yes, tUpload.keep))) return;
  if (cancel && entry.phase.value === "sent") await takeBackWhole(entry.uid.value as string);
  else model.sender.want(entry, wish);
}

/** It has arrived while the question was open. What was promised holds as long as there is no dataset of it. */
async function takeBackWhole(uid: string): Promise<void> {
  const item = await get<Upload>(`/upload/${uid}`).catch(() => null);
  if (!item) return;
  if (item.dataset) await deleteItem(item);
  else await model.deleteUpload(item);
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

export function ActionButton({ action, row, name }: ActionProps) {
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
      return button(tCommon.restart, "again", () => entry && takeBack(entry, "restart"));
    case "cancel":
      return button(tCommon.cancel, "cross", () => entry && takeBack(entry, "cancel"));
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
