// SPDX-License-Identifier: MIT
// One file, from its first byte to its dataset.
import { bytes, counted } from "../../lib/format";
import type { Upload } from "../../lib/types";
import { Chip } from "../../parts/chip";
import { Bar } from "../../parts/job_progress";
import { Time } from "../../parts/time";
import { tUpload } from "../../texts/en/upload";
import { ActionButton } from "./actions";
import type { Entry } from "./entry";
import * as model from "./model";
import { isMoving } from "./moving";
import { rateOf, tick } from "./totals";
import { itemView, localView, type View } from "./view";

function viewOf(row: model.RowData): View {
  const { entry, item } = row;
  // Sent by another tab to the end: from there on it is the server's, as one of our own.
  const theirs = entry?.phase.value === "elsewhere" && item?.state === "complete";
  if (entry && !theirs && (entry.phase.value !== "sent" || !item || item.state === "open")) {
    tick.value;
    const rate = rateOf(entry);
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
  return itemView(item as Upload, isMoving(item as Upload));
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
