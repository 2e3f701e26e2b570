// SPDX-License-Identifier: MIT
// Calendar dates as "YYYY-MM-DD" text, as the API takes them. No zones: a date of the data is a date.

/** The date part of a least or greatest value, which may carry a time; null where there is none. */
export function dateOnly(value: string | null | undefined): string | null {
  return value ? (/^\d{4}-\d\d-\d\d/.exec(value)?.[0] ?? null) : null;
}

/** `date` moved by so many days. */
export function addDays(date: string, days: number): string {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day + days);
  return at.toISOString().slice(0, 10);
}

export interface Range {
  from: string;
  to: string;
}

/** Such texts sort as dates do. */
// biome-ignore-start lint/complexity/useMathMinMax: these are texts
function clip(range: Range, data: Range): Range {
  return {
    from: range.from < data.from ? data.from : range.from,
    to: range.to > data.to ? data.to : range.to,
  };
}

// biome-ignore-end lint/complexity/useMathMinMax: these are texts

/** The last `days` days that the data has, both ends included. */
export function lastDays(data: Range, days: number): Range {
  return clip({ from: addDays(data.to, 1 - days), to: data.to }, data);
}

/** One calendar year, as far as the data has it. */
export function wholeYear(data: Range, year: number): Range {
  const text = String(year).padStart(4, "0");
  return clip({ from: `${text}-01-01`, to: `${text}-12-31` }, data);
}

/** The years to offer: the last two of the data, newest first; none where all lies within one. */
export function yearsOf(data: Range): number[] {
  const first = Number(data.from.slice(0, 4));
  const last = Number(data.to.slice(0, 4));
  return first === last ? [] : [last, last - 1];
}
