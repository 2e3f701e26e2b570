// SPDX-License-Identifier: MIT
// What may be said about a file before it is loaded, or loaded again; and the same as a question to the preview.
import type { LoadOptions, Preview } from "../../../lib/types";
import type { Option } from "../../../parts/fields";
import { tDelimiters } from "../../../texts/en/common";

export const kDelimiters: Option[] = [
  [",", tDelimiters.comma],
  [";", tDelimiters.semicolon],
  ["\t", tDelimiters.tab],
  ["|", tDelimiters.bar],
  [" ", tDelimiters.space],
  [":", tDelimiters.colon],
];
export const kTypes = ["text", "bool", "int", "bigint", "decimal(18,2)", "double", "date", "datetime", "time"];
export const kEncodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"];

/** What concerns the file as a whole. */
export type Dialect = Pick<
  LoadOptions,
  "delimiter" | "quote" | "encoding" | "header" | "skip_lines" | "types" | "dataset" | "on_reject"
>;

export interface ColumnChange {
  name?: string;
  type?: string;
  date_format?: string;
  null_words?: string[];
}

/** As a type is asked for: all kinds of text are "text", and fractions of a second are found by themselves. */
export function plainType(type: string): string {
  const lower = type.toLowerCase();
  if (/char|text/.test(lower)) return "text";
  return lower.startsWith("decimal") ? lower : lower.replace(/\(.*$/, "");
}

export function words(text: string): string[] | undefined {
  const list = text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
  return list.length > 0 ? list : undefined;
}

/** The address that shows the file as it would be read with these settings. */
export function previewAddress(upload: string, dialect: Dialect): string {
  const asked = new URLSearchParams({ rows: "50" });
  for (const name of ["delimiter", "quote", "encoding", "header", "skip_lines", "types"] as const) {
    const value = dialect[name];
    if (value !== undefined) asked.set(name, String(value));
  }
  return `/upload/${upload}/preview?${asked}`;
}

/** The request that loads: only what was changed. */
export function loadOptions(preview: Preview, dialect: Dialect, columns: Record<number, ColumnChange>): LoadOptions {
  const { dataset, ...rest } = dialect;
  const body: LoadOptions = { ...rest };
  if (dataset?.trim()) Object.assign(body, { dataset: dataset.trim(), mode: "new" });
  const changed = Object.entries(columns).map(([at, what]) => {
    const index = Number(at);
    const found = preview.columns.find((column, place) => (column.index ?? place) === index);
    // A date format goes with a type.
    const type = what.type ?? (what.date_format !== undefined && found ? plainType(found.type) : undefined);
    return { index, ...what, ...(type ? { type } : {}) };
  });
  if (changed.length > 0) body.columns = changed;
  return body;
}
