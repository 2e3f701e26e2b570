// SPDX-License-Identifier: MIT
// A job's bar and its line of figures, from the server's JSON alone.
import { useEffect, useState } from "preact/hooks";
import { fraction, progressLine } from "../lib/format";
import type { Job } from "../lib/types";
import { tCommon } from "../texts/en/common";

const kMoving = new Set(["running", "pausing", "cancelling"]);

export function Bar({ part, label, still = false }: { part: number | null; label: string; still?: boolean }) {
  const kind = still ? "still" : "";
  return part === null && !still ? (
    <progress aria-label={label} class={kind} />
  ) : (
    <progress aria-label={label} class={kind} value={part ?? 0} max={1} />
  );
}

const kLongMs = 15000;

/** A wish that takes long is explained: the server is still at it. */
function StillStopping() {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), kLongMs);
    return () => clearTimeout(timer);
  }, []);
  return long ? <p class="quiet small">{tCommon.stillStopping}</p> : null;
}

export function JobProgress({ job, label }: { job: Job; label: string }) {
  const moving = kMoving.has(job.state);
  if (!moving && (job.state !== "paused" || job.progress.phase === "review")) return null;
  const line = progressLine(job);
  return (
    <>
      <Bar part={fraction(job.progress)} label={label} still={!moving} />
      {line ? <p class="quiet small">{line}</p> : null}
      {job.state === "pausing" || job.state === "cancelling" ? <StillStopping /> : null}
    </>
  );
}
