// SPDX-License-Identifier: MIT
// Above the files: how far all of them are, and one wish for each of them.
import { bytes, bytesOf, counted, timeLeft } from "../../lib/format";
import { ask } from "../../parts/dialog";
import { Icon } from "../../parts/icon";
import { NotifyButton } from "../../parts/messages";
import { tUpload } from "../../texts/en/upload";
import * as model from "./model";
import { totals } from "./totals";

const kOngoing = new Set(["reading", "creating", "waiting", "sending"]);

/** This page's files that are not there whole. */
function unsent() {
  return model.sender.entries.value.filter((one) => one.phase.value !== "sent" && one.phase.value !== "cancelled");
}

function pauseAll(): void {
  for (const { entry, item } of model.rows.value) {
    if (entry && entry.phase.value !== "sent") model.sender.want(entry, "pause");
    else if (item?.job?.state === "running" || item?.job?.state === "queued")
      void model.controlJob(item.job.uid, "pause");
  }
}

function resumeAll(): void {
  for (const { entry, item } of model.rows.value) {
    if (entry && entry.phase.value !== "sent") {
      if (entry.wish.value === "pause") model.sender.want(entry, "run");
    } else if (item?.job?.state === "paused" && item.job.progress.phase !== "review") {
      void model.controlJob(item.job.uid, "resume");
    }
  }
}

function retryAll(): void {
  for (const { entry, item } of model.rows.value) {
    if (entry?.phase.value === "failed") model.sender.want(entry, "run");
    else if (item?.job?.state === "failed") void model.controlJob(item.job.uid, "retry");
  }
}

async function restartAll(): Promise<void> {
  const open = unsent();
  const sure = await ask(
    tUpload.restartTitle(counted(open.length, "file")),
    tUpload.restartText,
    tUpload.restartAll,
    tUpload.keep,
  );
  if (sure) for (const entry of open) model.sender.want(entry, "restart");
}

async function cancelAll(): Promise<void> {
  const open = unsent();
  if (open.length === 0) return;
  const sure = await ask(tUpload.cancelAllTitle(open.length), tUpload.cancelAllText, tUpload.cancelAll, tUpload.keep);
  if (sure) for (const entry of open) if (entry.phase.value !== "sent") model.sender.want(entry, "cancel");
}

export function AllBar() {
  const rows = model.rows.value;
  const mine = rows.filter((row) => row.entry && row.entry.phase.value !== "sent");
  const jobs = rows.filter((row) => (!row.entry || row.entry.phase.value === "sent") && row.item?.job);
  const canPause =
    mine.some((row) => row.entry && row.entry.wish.value === "run" && kOngoing.has(row.entry.phase.value)) ||
    jobs.some((row) => row.item?.job?.state === "running" || row.item?.job?.state === "queued");
  const canResume =
    mine.some((row) => row.entry?.wish.value === "pause") ||
    jobs.some((row) => row.item?.job?.state === "paused" && row.item.job.progress.phase !== "review");
  const canCancel = mine.some((row) => row.entry?.phase.value !== "cancelled");
  const canRetry =
    mine.some((row) => row.entry?.phase.value === "failed") || jobs.some((row) => row.item?.job?.state === "failed");
  const { files, sent, size, rate, left } = totals.value;
  return (
    <div class="bar sticky">
      <div>
        <h2 id="files-title">{tUpload.files}</h2>
        <p class="quiet small">
          {files
            ? [
                counted(files, "file"),
                bytesOf(sent, size),
                rate > 0 ? `${bytes(rate)}/s` : null,
                left === null ? null : timeLeft(left),
              ]
                .filter(Boolean)
                .join(" · ")
            : counted(rows.length, "file")}
        </p>
      </div>
      <div class="line small-buttons">
        <button type="button" data-all="pause" aria-disabled={!canPause} onClick={pauseAll}>
          <Icon name="pause" />
          {tUpload.pauseAll}
        </button>
        <button type="button" data-all="resume" aria-disabled={!canResume} onClick={resumeAll}>
          <Icon name="play" />
          {tUpload.resumeAll}
        </button>
        {canRetry ? (
          <button type="button" data-all="retry" onClick={retryAll}>
            <Icon name="again" />
            {tUpload.retryAll}
          </button>
        ) : null}
        {canCancel ? (
          <button type="button" data-all="restart" onClick={() => void restartAll()}>
            <Icon name="again" />
            {tUpload.restartAll}
          </button>
        ) : null}
        <button type="button" data-all="cancel" aria-disabled={!canCancel} onClick={() => void cancelAll()}>
          <Icon name="cross" />
          {tUpload.cancelAll}
        </button>
        <NotifyButton />
      </div>
    </div>
  );
}
