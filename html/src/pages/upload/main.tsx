// SPDX-License-Identifier: MIT
import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { bytes, counted, timeLeft } from "../../lib/format";
import { path, uidOf } from "../../lib/route";
import { sampleCsv } from "../../lib/sample";
import { bannerFor } from "../../parts/banner";
import { ask } from "../../parts/dialog";
import { Fault } from "../../parts/fault";
import { Icon } from "../../parts/icon";
import { NotifyButton } from "../../parts/messages";
import { Heading, mount } from "../../parts/page";
import { More, rowsClass, Still } from "../../parts/pages";
import { tCommon } from "../../texts/en/common";
import { tUpload } from "../../texts/en/upload";
import { Choose, DropAnywhere } from "./choose";
import * as model from "./model";
import { Row } from "./row";
import { loadCarrier } from "./sender";

const kOngoing = new Set(["reading", "creating", "waiting", "sending"]);

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

async function cancelAll(): Promise<void> {
  const open = model.sender.entries.value.filter(
    (one) => one.phase.value !== "sent" && one.phase.value !== "cancelled",
  );
  const sure = await ask(tUpload.cancelAllTitle(open.length), tUpload.cancelAllText, tUpload.cancelAll, tUpload.keep);
  if (sure) for (const entry of open) if (entry.phase.value !== "sent") model.sender.want(entry, "cancel");
}

function AllBar() {
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
  const { files, sent, size, rate, left } = model.totals.value;
  return (
    <div class="bar sticky">
      <div>
        <h2 id="files-title">{tUpload.files}</h2>
        <p class="quiet small">
          {files
            ? [
                counted(files, "file"),
                `${bytes(sent)} of ${bytes(size)}`,
                rate > 0 ? `${bytes(rate)}/s` : null,
                left === null ? null : timeLeft(left),
              ]
                .filter(Boolean)
                .join(" · ")
            : counted(rows.length, "file")}
        </p>
      </div>
      <div class="line small-buttons">
        <button type="button" data-all="pause" disabled={!canPause} onClick={pauseAll}>
          <Icon name="pause" />
          {tUpload.pauseAll}
        </button>
        <button type="button" data-all="resume" disabled={!canResume} onClick={resumeAll}>
          <Icon name="play" />
          {tUpload.resumeAll}
        </button>
        {canRetry ? (
          <button type="button" data-all="retry" onClick={retryAll}>
            <Icon name="again" />
            {tUpload.retryAll}
          </button>
        ) : null}
        <button type="button" data-all="cancel" disabled={!canCancel} onClick={() => void cancelAll()}>
          <Icon name="cross" />
          {tUpload.cancelAll}
        </button>
        <NotifyButton />
      </div>
    </div>
  );
}

function List() {
  const rows = model.rows.value;
  const first = model.list.data.value;
  const next = model.olderNext.value === undefined ? first?.next : model.olderNext.value;
  return (
    <section class="card flush" aria-labelledby="files-title">
      <AllBar />
      {rows.length > 0 ? (
        <ul class={rowsClass(rows.length)}>
          {rows.map((row) => (
            // A row follows its own file by itself; it is drawn anew only when the server says something else.
            <Still key={row.key} of={[row.entry, row.item, row.item !== null && model.isMoving(row.item)]}>
              {() => <Row row={row} />}
            </Still>
          ))}
        </ul>
      ) : (
        <div class="empty">
          {first ? (
            <>
              <p>{tUpload.empty}</p>
              <p>
                <a href="/upload?sample=1">{tUpload.sample}</a>
              </p>
            </>
          ) : (
            <p>{tCommon.loading}</p>
          )}
        </div>
      )}
      <More next={next ?? null} more={model.showOlder} />
    </section>
  );
}

/** The page of one upload is loaded when it is asked for: the list needs the room. */
const One = signal<((props: { uid: string }) => VNode | null) | null>(null);

function UploadPage() {
  const uid = uidOf(path.value);
  useEffect(() => {
    if (uid && !One.value) {
      void import("./one").then((part) => {
        One.value = part.One;
      });
    }
  }, [uid]);
  if (uid) return One.value ? <One.value key={uid} uid={uid} /> : <h1>{tUpload.title}</h1>;
  return (
    <>
      <Heading title={tUpload.title} lead={tUpload.lead} />
      <Choose slim={model.list.data.value === null || model.rows.value.length > 0} />
      <Fault fault={model.fault.value} />
      <List />
      <DropAnywhere />
    </>
  );
}

/** Links from other pages: /upload?sample=1 sends the sample, /upload?dataset=sales proposes where to append. */
function followLink(): void {
  const asked = new URLSearchParams(location.search);
  const dataset = asked.get("dataset");
  if (dataset) model.options.value = { ...model.options.value, dataset, append: true };
  if (asked.has("sample")) {
    // Once: a reload must not send it again.
    history.replaceState(null, "", "/upload");
    model.take([{ file: new File([sampleCsv()], "sales-sample.csv", { type: "text/csv" }), handle: null }]);
  }
}

followLink();
bannerFor(model.list);
mount(<UploadPage />);
// At once, so that it is here when it is needed, also if the network is not.
void loadCarrier();
