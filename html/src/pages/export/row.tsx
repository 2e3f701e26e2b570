// SPDX-License-Identifier: MIT
// One export: what, how far, and what can be done with it.
import { useState } from "preact/hooks";
import { bytes, minute } from "../../lib/format";
import { go } from "../../lib/route";
import type { Export } from "../../lib/types";
import { Chip, StateChip } from "../../parts/chip";
import { Copy } from "../../parts/copy";
import { ask } from "../../parts/dialog";
import { Icon, type IconName } from "../../parts/icon";
import { JobProgress } from "../../parts/job_progress";
import { Time } from "../../parts/time";
import { tCommon } from "../../texts/en/common";
import { tExport } from "../../texts/en/export";
import * as model from "./model";

interface RowProps {
  one: Export;
  /** Asks the server again after a wish. */
  again: () => void;
  /** On its own page the name is the heading, and there is more room. */
  alone?: boolean;
}

const kActive = new Set(["queued", "running", "retrying"]);

export function ExportRow({ one, again, alone = false }: RowProps) {
  const [busy, setBusy] = useState(false);
  const name = `${one.dataset.name}, ${tExport.range(one.from, one.to)}`;
  const expired = model.isExpired(one);
  const act = async (work: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    await work();
    again();
    setBusy(false);
  };
  const button = (action: string, text: string, icon: IconName, work: () => Promise<unknown>) => (
    <button
      type="button"
      data-action={action}
      aria-label={`${text}: ${name}`}
      aria-disabled={busy}
      onClick={() => void act(work)}
    >
      <Icon name={icon} />
      {text}
    </button>
  );
  const cancel = async () => {
    const text = tExport.cancelText(one.progress.records_done ?? 0);
    if (await ask(tExport.cancelTitle, text, tExport.cancel, tCommon.keepRunning)) await model.wish(one, "delete");
  };
  const drop = async () => {
    if (await ask(tExport.deleteTitle, tExport.deleteText, tExport.delete, tExport.keep)) {
      await model.wish(one, "delete");
    }
  };
  const again_ = async () => {
    model.fault.value = null;
    try {
      const uid = await model.start(model.requestOf(one));
      if (alone && uid) go(`/export/${uid}`);
    } catch (caught) {
      model.fault.value = caught;
    }
  };
  const size = one.bytes === null ? null : bytes(one.bytes);
  return (
    <li class="row" data-uid={one.uid} data-state={one.state}>
      <div class="row-name">
        {alone ? <strong>{name}</strong> : <a href={`/export/${one.uid}`}>{name}</a>}
        {expired ? (
          <Chip tone="idle" word={one.deleted ? tExport.deleted : tExport.expired} />
        ) : (
          <StateChip state={one.state} />
        )}
        <span class="hint">
          {one.rows !== null && one.state === "succeeded" ? `${tExport.rows(one.rows)} · ` : null}
          {size && one.state === "succeeded" ? `${size} · ` : null}
          <Time at={one.created_at} />
        </span>
      </div>
      <div class="row-actions small-buttons">
        {one.state === "succeeded" && !expired && one.file ? (
          <a
            class="button primary"
            data-action="download"
            aria-label={`${tCommon.download}: ${name}`}
            href={one.file.url}
          >
            <Icon name="down" />
            {tExport.download(one.bytes)}
          </a>
        ) : null}
        {kActive.has(one.state) ? button("pause", tCommon.pause, "pause", () => model.wish(one, "pause")) : null}
        {one.state === "paused" || one.state === "pausing"
          ? button("resume", tCommon.resume, "play", () => model.wish(one, "resume"))
          : null}
        {kActive.has(one.state) || one.state === "paused" || one.state === "pausing"
          ? button("cancel", tCommon.cancel, "cross", cancel)
          : null}
        {one.state === "failed" ? button("retry", tCommon.retry, "again", () => model.wish(one, "retry")) : null}
        {one.state === "succeeded" || one.state === "cancelled"
          ? button("again", tExport.again, "again", again_)
          : null}
        {one.state === "succeeded" && !expired ? button("delete", tCommon.delete, "trash", drop) : null}
      </div>
      <div class="row-rest">
        <JobProgress job={one} label={name} />
        {one.error && one.state === "failed" ? <p class="fault">{one.error.detail || one.error.code}</p> : null}
        {one.state === "succeeded" && !expired && one.sha256 ? (
          <p class="line quiet small">
            <span class="line">
              {tCommon.sha} <code class="wrap">{alone ? one.sha256 : `${one.sha256.slice(0, 12)}…`}</code>
              <Copy text={one.sha256} what={tCommon.sha} />
            </span>
            {one.file?.expires_at ? (
              <span>
                {tExport.until} <time dateTime={one.file.expires_at}>{minute(one.file.expires_at)}</time>
              </span>
            ) : null}
          </p>
        ) : null}
      </div>
    </li>
  );
}
