// SPDX-License-Identifier: MIT
import { bytes, bytesOf, count, counted, day } from "../../lib/format";

export const tUpload = {
  title: "Upload",
  lead: "Any number of CSV files of any size. Pause, close this page and go on later, here or on another computer.",
  drop: "Drop CSV files anywhere on this page",
  choose: "Choose files",
  dropNow: (files: number) => (files > 0 ? `Drop to upload ${counted(files, "file")}` : "Drop to upload"),
  options: "Options for the next files",
  dataset: "Dataset name",
  datasetHint: "Empty: the file's name.",
  append: "Add to this existing dataset",
  auto: "Load as soon as uploaded",
  autoHint: "Off: you look at what was understood first, and load then.",
  asText: "Keep everything as text",
  files: "Files",
  empty: "No files yet. Drop CSV files here or choose them.",
  sample: "Try with sample data",
  waiting: "Waiting",
  reading: "Reading",
  uploading: "Uploading",
  paused: "Paused",
  pausing: "Pausing…",
  cancelling: "Cancelling…",
  cancelled: "Cancelled, nothing of it is left",
  elsewhere: "Uploading in another tab",
  checking: "Checking",
  review: "Waits for your look",
  loading: "Loading",
  finishing: "Finishing",
  ready: "Ready",
  uploaded: "Uploaded",
  queued: "Queued",
  failed: "Failed",
  interrupted: "Interrupted",
  interruptedText: (offset: number, length: number | null) =>
    length === null
      ? `${bytes(offset)} are already here. Choose the same file again to go on from there.`
      : `${bytes(offset)} of ${bytes(length)} are already here. Choose the same file again to go on from there.`,
  chooseAgain: "Choose the file",
  resumeHandle: "Resume",
  moving: "Being uploaded from somewhere else",
  different: (size: number, expected: number) =>
    size === expected
      ? "This is a different file: same size, other content."
      : `This is a different file: ${count(size)} bytes, expected ${count(expected)}.`,
  asNew: "Upload as new",
  another: "Choose another",
  again: (date: string, dataset: string) => `The same content was uploaded on ${day(date)}, as the dataset ${dataset}.`,
  openIt: "Open it",
  pauseAll: "Pause all",
  resumeAll: "Resume all",
  cancelAll: "Cancel all",
  retryAll: "Retry all",
  restartAll: "Restart all",
  restartTitle: (what: string) => `Restart ${what} from the beginning?`,
  restartText: "What was sent so far is removed from the server and sent again.",
  open: "Open dataset",
  rejects: "Rejected records",
  look: "Look and load",
  loadAgain: "Load again",
  cancelTitle: (name: string) => `Cancel the upload of ${name}?`,
  cancelText: (sent: number) => `${bytes(sent)} already sent will be removed from the server. Nothing of it stays.`,
  cancelAllTitle: (files: number) => `Cancel ${counted(files, "file")}?`,
  cancelAllText: "What was sent so far is removed from the server. Datasets that are ready stay.",
  keep: "Keep uploading",
  cancelUpload: "Cancel upload",
  cancelImportTitle: "Cancel this import?",
  cancelImportText: (records: number) =>
    `${counted(records, "record")} already loaded will be removed. The uploaded file is kept for a while, so you can load it again.`,
  cancelImport: "Cancel import",
  deleteTitle: (name: string) => `Delete the uploaded file ${name}?`,
  deleteText: "The file is removed from the server. A dataset made of it stays.",
  deleteUpload: "Delete file",
  keepFile: "Keep file",
  line: (sent: number, size: number, part: number, rate: number, left: string | null) =>
    [`${bytesOf(sent, size)} (${Math.min(99, Math.floor(part * 100))}%)`, rate > 0 ? `${bytes(rate)}/s` : null, left]
      .filter(Boolean)
      .join(" · "),
  retryIn: (seconds: number, attempt: number) =>
    `Connection lost. Trying again in ${seconds} s (attempt ${attempt}). Nothing is lost.`,
  diskFull: (offset: number) =>
    `Disk is full on the server; the upload waits at ${bytes(offset)}. It goes on by itself when there is room.`,
  gone: "The server no longer has this upload. Restart sends it from the beginning.",
  unreadable: "The browser can no longer read this file. Choose it again.",
  announceStart: (files: number) => `Uploading ${counted(files, "file")}`,
  announcePart: (part: number) => `${part} percent uploaded`,
  announceDone: (name: string) => `${name} is uploaded`,
  announceReady: (name: string) => `${name} is ready`,
  announceFailed: (name: string) => `${name} could not be loaded`,
  announceReview: (name: string) => `${name} waits for your look`,
};

/** Codes that say it better in other words. */
const kReasons = { bad_type: "wrong type", bad_encoding: "wrong encoding", footer: "below the table" } as Record<
  string,
  string
>;

/** The code of a reject in words: "too few fields". */
export function rejectReason(code: string): string {
  return kReasons[code] ?? code.replace(/^.*\./, "").replaceAll("_", " ");
}

export const tReview = {
  title: "What was understood",
  oneColumn: "None: one column",
  delimiter: "Delimiter",
  quote: "Quote",
  encoding: "Encoding",
  header: "First row is a header",
  skip: "Lines to skip at the start",
  column: "Column",
  columns: (columns: number) => `${counted(columns, "column")}: names, types, words for “no value”`,
  name: "Name",
  type: "Type",
  dateFormat: "Date format",
  ambiguous: "could also be read otherwise",
  nullWords: "Words for “no value”",
  load: "Looks right – load",
  loadAgain: "Load again with these settings",
  allOrNothing: "All or nothing",
  allOrNothingHint: "One record that cannot be loaded, and none is.",
  secondTable: (line: number) => `A second table begins in line ${line}. It can be a dataset of its own.`,
  showSecond: "Show the second table",
  asFound: "As it was found",
  asOther: "Load as a dataset of its own",
  otherName: "Name of the other dataset",
  loadOther: "Load as another dataset",
  rejects: "Records that would be rejected",
  other: (line: number, code: string) => `Line ${line}: ${rejectReason(code)}`,
  first: (rows: number) => `The first ${counted(rows, "row")}`,
  sure: (confidence: number) => `${Math.min(99, Math.round(confidence * 100))}% sure`,
  tooEarly: "Not enough of the file is here yet for a look. This fills in by itself.",
};
