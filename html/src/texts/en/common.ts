// SPDX-License-Identifier: MIT
// Every sentence of the pages is in this folder, by page; another language is another folder.
import { counted } from "../../lib/format";

export const tCommon = {
  retry: "Retry",
  pause: "Pause",
  resume: "Resume",
  cancel: "Cancel",
  restart: "Restart",
  delete: "Delete",
  download: "Download",
  more: "Show more",
  loading: "Loading…",
  copy: "Copy",
  copied: "Copied",
  job: "Job",
  history: "History of this job",
  keepRunning: "Keep running",
  typeToDelete: (name: string) => `Type “${name}” to go on`,
  request: (id: string) => `Request ${id}`,
  noServer: "No answer from the server. Trying again. Nothing is lost.",
  stillStopping: "Still stopping… the current batch is being finished.",
  notFound: "There is nothing at this address",
  notFoundDetail: "It may have been deleted, or the address is incomplete.",
  rejected: (value: number) => `${counted(value, "record")} rejected`,
};

export const tStates = {
  queued: "Queued",
  running: "Running",
  paused: "Paused",
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  pausing: "Pausing…",
  cancelling: "Cancelling…",
  retrying: "Retrying",
} as Record<string, string>;

export const tKinds = { import: "Import", team: "Team", export: "Export", sweep: "Tidying" } as Record<string, string>;
