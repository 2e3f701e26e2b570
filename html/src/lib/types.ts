// SPDX-License-Identifier: MIT
// The JSON of the API, as docs/http-api.md says it. Members that a page does not use are left out.

export type JobState =
  | "queued"
  | "running"
  | "paused"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "pausing"
  | "cancelling"
  | "retrying";

export interface Progress {
  phase: string | null;
  records_done: number | null;
  records_total: number | null;
  bytes_done: number | null;
  bytes_total: number | null;
  per_second: number | null;
  eta_seconds: number | null;
}

export interface Job {
  uid: string;
  kind: string;
  about?: string | null;
  state: JobState;
  progress: Progress;
  attempt: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  error: { code: string; detail: string | null } | null;
  result?: Record<string, unknown> | null;
  links?: Record<string, string>;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Named {
  uid: string;
  name: string;
}

export interface ImportCounts {
  uid: string;
  records?: number | null;
  loaded?: number | null;
  rejected?: number | null;
  skipped?: number | null;
}

export interface Upload {
  uid: string;
  filename: string | null;
  length: number | null;
  offset: number;
  state: "open" | "complete";
  purpose?: "import" | "team";
  concat?: string;
  fingerprint: string | null;
  created_at: string;
  expires_at: string | null;
  dataset: Named | null;
  import: ImportCounts | null;
  sha256?: string | null;
  job: Job | null;
}

export interface PreviewColumn {
  index?: number;
  name: string;
  original_name?: string;
  type: string;
  rule?: string | null;
  nullable?: boolean;
  ambiguous?: boolean;
}

export interface Preview {
  dialect: {
    delimiter: string;
    quote: string | null;
    escape: string | null;
    encoding: string;
    header_rows: number;
    preamble_lines?: number;
    second_table?: { line: number; skip_lines: number } | null;
    confidence: number | null;
    runner_up: unknown;
  };
  columns: PreviewColumn[];
  rows: (string | null)[][];
  /** The first records that would not be loaded. */
  rejects?: { record: number; line: number; code: string; text: string }[];
  notices: (string | { code?: string; detail?: string; message?: string })[];
}

export interface LoadOptions {
  types?: "auto" | "text";
  header?: boolean;
  delimiter?: string;
  quote?: string;
  encoding?: string;
  skip_lines?: number;
  columns?: { index: number; name?: string; type?: string; date_format?: string; null_words?: string[] }[];
  dataset?: string;
  mode?: "new" | "append";
  on_reject?: { all_or_nothing?: boolean };
}

export interface Column {
  index: number;
  name: string;
  type: string;
  date: boolean;
  least: string | null;
  greatest: string | null;
  /** Of all published rows: how many are empty, and about how many different texts there are. */
  nulls?: number | null;
  distinct?: number | null;
}

export interface DatasetImport {
  uid: string;
  upload_uid: string | null;
  filename: string | null;
  records: number;
  loaded: number;
  rejected: number;
  skipped: number;
  notices: string[];
  published_at: string | null;
}

export interface Dataset {
  uid: string;
  name: string;
  row_count: number;
  columns: Column[];
  imports: DatasetImport[];
  created_at: string;
}

export interface Rows {
  columns: Column[];
  items: (string | number | boolean | null)[][];
  next: string | null;
}

/** A value as it was uploaded (the first 100 bytes), null where the field was empty. */
export interface TopValue {
  value: string | null;
  count: number;
}

/** The most frequent values of a column among `rows` of the dataset's `of`. */
export interface TopValuesAnswer {
  column: string;
  rows: number;
  of: number;
  items: TopValue[];
}

export interface Reject {
  record: number;
  first_line: number;
  last_line: number;
  byte_offset: number;
  column: number | null;
  column_name: string | null;
  code: string;
  message: string | null;
  raw: string | null;
}

/** How many of all rejects of a list have that code. */
export interface RejectCount {
  code: string;
  count: number;
}

export interface Export extends Job {
  dataset: Named;
  from: string | null;
  to: string | null;
  date_column: string | null;
  values: string;
  header?: string;
  delimiter?: string;
  compression?: string;
  formulas?: string;
  columns?: string[] | null;
  rows: number | null;
  bytes: number | null;
  sha256: string | null;
  file: { url: string; expires_at: string | null } | null;
  deleted?: boolean;
}

export interface ExportRequest {
  dataset: string;
  from?: string;
  to?: string;
  date_column?: string;
  columns?: string[];
  values: string;
  header: string;
  delimiter?: string;
  compression: string;
  formulas: string;
}

export interface TeamCounts {
  created: number;
  updated: number;
  unchanged: number;
  errors: number;
  total: number;
}

export interface TeamImport extends Job {
  team_import: {
    filename: string | null;
    upload: string | null;
    undone?: boolean;
    /** This is the undo of that import. */
    undo_of?: string | null;
    dry_run: boolean;
    checked: boolean;
    on_error: "abort" | "skip";
    committed: boolean;
    /** Why the last wish to create was not kept; the file was checked again since. */
    commit_refused?: { code: string; detail: string } | null;
    counts: TeamCounts;
    teams_created: number;
    columns: { mapped: Record<string, string | number | null>; ignored: string[] } | null;
  };
}

export interface TeamRow {
  row: number;
  line: number;
  status: string;
  team: string | null;
  name: string | null;
  email: string | null;
  role: string | null;
  errors: { field: string | null; code: string; message: string; hint: string | null }[];
}

export interface Group {
  uid: string;
  name: string;
  member_count: number;
  created_at: string;
}

export interface GroupDetail extends Named {
  members: { uid: string; name: string | null; email: string; role: string }[];
  next: string | null;
}

export interface JobEvent {
  id?: number;
  at?: string;
  created_at?: string;
  event: string;
  actor?: string | null;
  detail?: unknown;
}
