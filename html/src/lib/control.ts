// SPDX-License-Identifier: MIT
// Which wishes a job can be told in its state; the server decides, this only keeps useless buttons away.
import type { JobState } from "./types";

export type JobAction = "pause" | "resume" | "cancel" | "retry";

const kActions: Record<JobState, JobAction[]> = {
  queued: ["pause", "cancel"],
  retrying: ["pause", "cancel"],
  running: ["pause", "cancel"],
  pausing: ["resume", "cancel"],
  paused: ["resume", "cancel"],
  cancelling: [],
  succeeded: [],
  failed: ["retry"],
  cancelled: ["retry"],
};

export function actionsOf(state: JobState): JobAction[] {
  return kActions[state] ?? [];
}

const kActive = new Set<JobState>(["queued", "retrying", "running", "pausing", "cancelling", "paused"]);

export function isActive(state: JobState): boolean {
  return kActive.has(state);
}
