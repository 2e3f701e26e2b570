// SPDX-License-Identifier: MIT
// A job's bar and its line of figures, from the server's JSON alone.
import { fraction, progressLine } from "../lib/format";
import type { Job } from "../lib/types";

const kMoving = new Set(["running", "pausing", "cancelling"]);

export function Bar({ part, label, still = false }: { part: number | null; label: string; still?: boolean }) {
  const kind = still ? "still" : "";
  return part === null && !still ? (
    <progress aria-label={label} class={kind} />
  ) : (
    <progress aria-label={label} class={kind} value={part ?? 0} max={1} />
  );
}

export function JobProgress({ job, label }: { job: Job; label: string }) {
  const moving = kMoving.has(job.state);
  if (!moving && job.state !== "paused") return null;
  const line = progressLine(job);
  return (
    <>
      <Bar part={fraction(job.progress)} label={label} still={!moving} />
      {line ? <p class="quiet small">{line}</p> : null}
    </>
  );
}
