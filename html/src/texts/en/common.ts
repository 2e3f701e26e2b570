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
  search: "Search",
  loading: "Loading…",
  copy: "Copy",
  copied: "Copied",
  sha: "SHA-256",
  job: "Job",
  history: "History of this job",
  keepRunning: "Keep running",
  typeToDelete: (name: string) => `Type “${name}” to go on`,
  request: (id: string) => `Request ${id}`,
  unreachable: "No answer from the server",
  strangeAnswer: (status: number) =>
    `An answer that is not Sluice's, perhaps of a proxy on the way (status ${status}).`,
  noServer: (online: boolean) =>
    `${online ? "No answer from the server." : "This computer is offline."} Nothing is lost: what was sent is kept, and jobs go on.`,
  tryingIn: (seconds: number) => `Trying again in ${seconds} s.`,
  trying: "Trying again…",
  tryNow: "Try now",
  whileAway: "While you were away",
  dismiss: "Dismiss",
  notify: "Notify me",
  notifying: "Notifying",
  notifyHint: "A notice of the system when something ends while this tab is in the background",
  notifyDenied: "The browser blocks notices of this site",
  stillStopping: "Still stopping… the current batch is being finished.",
  notFound: "There is nothing at this address",
  notFoundDetail: "It may have been deleted, or the address is incomplete.",
  rejected: (value: number) => `${counted(value, "record")} rejected`,
};

/** Delimiters by name: alone they are hard to see. */
export const tDelimiters = {
  comma: ", comma",
  semicolon: "; semicolon",
  tab: "Tab",
  bar: "| bar",
  space: "Space",
  colon: ": colon",
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
  review: "Waits for your look",
} as Record<string, string>;

export const tKinds = { import: "Import", team: "Team", export: "Export", sweep: "Tidying" } as Record<string, string>;
