// SPDX-License-Identifier: MIT
// Another first row for a file of members: the server knows a column by its name, so columns are matched by naming them.
import type { Preview } from "../../lib/types";

export const kFields = ["team", "name", "email", "role"] as const;
export type Field = (typeof kFields)[number];
/** Which column of the file is which field; null: none. */
export type Matching = Record<Field, number | null>;

/** Enough for a first row of a thousand columns. */
const kHeadBytes = 1 << 20;

/** Where the record that begins at `from` ends in `text`: behind its line end. A line end within quotes does not count. */
export function recordEnd(text: string, from: number, quote: string): number {
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === quote) quoted = !quoted;
    else if (!quoted && (sign === "\n" || sign === "\r"))
      return sign === "\r" && text[at + 1] === "\n" ? at + 2 : at + 1;
  }
  return text.length;
}

function linesEnd(text: string, lines: number): number {
  let at = text.startsWith("\ufeff") ? 1 : 0;
  for (let line = 0; line < lines; line += 1) at = recordEnd(text, at, "");
  return at;
}

function cell(name: string, delimiter: string, quote: string): string {
  const risky = name.includes(delimiter) || name.includes(quote) || /[\r\n]/.test(name);
  return risky ? quote + name.replaceAll(quote, quote + quote) + quote : name;
}

/** The names of the columns once they are matched: fields by their own name, and no other column by a field's. */
export function names(preview: Preview, matching: Matching, taken: string[]): string[] {
  return preview.columns.map((column, at) => {
    const field = kFields.find((one) => matching[one] === at);
    if (field) return field;
    const name = column.original_name ?? column.name;
    return taken.includes(name) || kFields.includes(name.toLowerCase() as Field) ? `not used ${name}` : name;
  });
}

/** The file with those names in its first row; a file without one gets one. In UTF-8, whatever it was before. */
export async function withNames(file: Blob, preview: Preview, header: string[]): Promise<Blob> {
  const { delimiter, encoding, header_rows } = preview.dialect;
  const quote = preview.dialect.quote || '"';
  const utf8 = /^(utf-?8|ascii|us-ascii)/i.test(encoding);
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const text = decoder.decode(await (utf8 ? file.slice(0, kHeadBytes) : file).arrayBuffer());
  const start = linesEnd(text, preview.dialect.preamble_lines ?? 0);
  const end = header_rows > 0 ? recordEnd(text, start, quote) : start;
  const line = `${header.map((name) => cell(name, delimiter, quote)).join(delimiter)}\n`;
  if (!utf8) return new Blob([line, text.slice(end)], { type: "text/csv" });
  return new Blob([line, file.slice(new TextEncoder().encode(text.slice(0, end)).length)], { type: "text/csv" });
}
