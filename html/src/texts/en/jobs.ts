// SPDX-License-Identifier: MIT
import { count, counted } from "../../lib/format";

export const tJobs = {
  title: "Jobs",
  lead: "All work, running and done. A job survives the end of any process, and obeys at once.",
  kind: "Kind",
  state: "State",
  every: "All",
  empty: "No jobs of this kind.",
  attempt: (attempt: number) => `attempt ${count(attempt)}`,
  took: "took",
  tookLabel: "Took",
  queuedAt: "Queued",
  startedAt: "Started",
  uid: "Job",
  result: "Result",
  about: (kind: string, name: string) => `${kind}: ${name}`,
  choose: (name: string, uid: string) => `Choose ${name} (${uid})`,
  chosen: (jobs: number) =>
    jobs === 0 ? "Choose some to pause, resume, cancel or retry them together" : `${count(jobs)} chosen`,
  cancelTitle: "Cancel this job?",
  cancelMany: (jobs: number) => `Cancel ${counted(jobs, "job")}?`,
  cancelText: "What it has done so far is removed; nothing of it stays. An uploaded file is kept.",
  cancel: "Cancel job",
  history: "What happened",
  events: {
    queued: "Queued",
    started: "Taken by a runner",
    pause_requested: "Asked to pause",
    paused: "Paused",
    resume_requested: "Asked to go on",
    resumed: "Goes on",
    review: "Waits for a look",
    cancel_requested: "Asked to cancel",
    cancelled: "Cancelled, nothing of it is left",
    retried: "Tried again from where it stopped",
    restarted: "Started again from the beginning",
    retry_scheduled: "Will be tried again by itself",
    yielded: "Handed back by its runner, to go on later",
    taken_over: "Its runner was lost; another one took over",
    succeeded: "Done",
    failed: "Failed",
  } as Record<string, string>,
  linked: { upload: "Uploaded file", datasets: "Dataset", export: "Export", team: "Team file" } as Record<
    string,
    string
  >,
};
