// SPDX-License-Identifier: MIT
// Sizes, counts, dates and durations as people read them. Figures are written by Intl.
import { tFigures } from "../texts/en/figures";
import type { Job, Progress } from "./types";

const kLocale = "en-GB";
const kCount = new Intl.NumberFormat("en");
const kUnits = ["B", "kB", "MB", "GB", "TB"];

export function count(value: number): string {
  return kCount.format(value);
}

/** "1 record", "2 records". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return tFigures.counted(count(value), value === 1, one, many);
}

/** Decimal units: 212 MB, 1.4 GB, 980 B. */
export function bytes(value: number): string {
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < kUnits.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && size < 9.95 ? 1 : 0;
  return `${size.toFixed(digits)} ${kUnits[unit]}`;
}

/** Rounded as time left is: to 5 s below a minute, to 1 min below an hour, to 5 min beyond. */
export function roundTime(seconds: number): string {
  if (seconds < 60) return tFigures.seconds(String(Math.max(5, Math.round(seconds / 5) * 5)));
  if (seconds < 3600) return tFigures.minutesOnly(Math.round(seconds / 60));
  const minutes = Math.round(seconds / 300) * 5;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return rest ? tFigures.hours(hours, rest) : tFigures.hoursOnly(hours);
}

export function timeLeft(seconds: number): string {
  return tFigures.left(roundTime(seconds));
}

/** How long something took: 0.4 s, 12 s, 3 min 5 s, 2 h 10 min. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 0.1) return tFigures.moment;
  if (seconds < 60) return tFigures.seconds(seconds < 10 ? seconds.toFixed(1) : String(Math.round(seconds)));
  if (seconds < 3600) return tFigures.minutes(Math.floor(seconds / 60), Math.floor(seconds % 60));
  return tFigures.hours(Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60));
}

/** A calendar date of the data, without any zone: 3 Jan 2016. */
export function day(date: string): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)/.exec(date);
  if (!match) return date;
  const at = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return at.toLocaleDateString(kLocale, { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
}

/** The exact moment with its zone. */
export function moment(at: string): string {
  return new Date(at).toLocaleString(kLocale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });
}

/** "3 Dec, 14:00" */
export function minute(at: string): string {
  return new Date(at).toLocaleString(kLocale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

export function clock(at: string): string {
  return new Date(at).toLocaleTimeString(kLocale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** "just now", "5 min ago", "in 7 days". */
export function relative(at: string, now = Date.now()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return seconds <= 0 ? tFigures.justNow : tFigures.soon;
  const time =
    size < 3600
      ? tFigures.minutesOnly(Math.round(size / 60))
      : size < 86400
        ? tFigures.hoursOnly(Math.round(size / 3600))
        : tFigures.days(Math.round(size / 86400));
  return seconds < 0 ? tFigures.ago(time) : tFigures.ahead(time);
}

/** The part done, 0..1, or null where nobody can know. Bytes decide where records are only an estimate. */
export function fraction(progress: Progress): number | null {
  const { records_done, records_total, bytes_done, bytes_total } = progress;
  if (records_total && records_done !== null && records_done <= records_total) return records_done / records_total;
  if (records_total && records_done !== null) return null;
  if (bytes_total && bytes_done !== null) return Math.min(1, bytes_done / bytes_total);
  return null;
}

/** "212 MB of 700 MB" */
export function bytesOf(done: number, whole: number): string {
  return tFigures.part(bytes(done), bytes(whole));
}

/** One line in a fixed order: records, bytes, rate, time left. Never 100 % before the commit. */
export function progressLine(job: Pick<Job, "progress" | "kind">): string {
  const { records_done, records_total, bytes_done, bytes_total, per_second, eta_seconds } = job.progress;
  const noun = job.kind === "export" ? tFigures.rows : tFigures.records;
  const part = fraction(job.progress);
  if (part !== null && part >= 1) return tFigures.finishing;
  const percent = part === null ? "" : tFigures.percent(Math.min(99, Math.floor(part * 100)));
  const pieces: string[] = [];
  if (records_done || records_total) {
    const done = count(records_done ?? 0);
    const known = records_total && part !== null;
    pieces.push(`${known ? tFigures.part(done, count(records_total)) : done} ${noun}${percent}`);
  }
  if (bytes_done || bytes_total) {
    const shown = bytes_total ? bytesOf(bytes_done ?? 0, bytes_total) : bytes(bytes_done ?? 0);
    pieces.push(shown + (bytes_total && !records_done && !records_total ? percent : ""));
  }
  if (per_second) pieces.push(tFigures.rate(count(Math.round(per_second)), noun));
  if (per_second && eta_seconds !== null && eta_seconds !== undefined) pieces.push(timeLeft(eta_seconds));
  return pieces.join(" · ");
}
