// SPDX-License-Identifier: MIT
import { bytes, count, counted, duration, roundTime } from "../../lib/format";

export const tStatus = {
  title: "Status",
  allGood: "All good.",
  degraded: (names: string[]) => `Working, but not all is well: ${names.join(", ")}.`,
  notReady: (names: string[]) => (names.length > 0 ? `Not ready: ${names.join(", ")}.` : "Not ready."),
  notGoodText: "Nothing is lost. Jobs go on by themselves when the cause is gone.",
  work: (running: string, queued: string) => `${running} running, ${queued} waiting.`,
  running: (slots: number) => (slots > 0 ? `jobs running, of ${count(slots)} places` : "jobs running"),
  queued: (seconds: number) =>
    seconds >= 1 ? `jobs waiting, the oldest for ${duration(seconds * 1000)}` : "jobs waiting",
  runners: (seconds: number) => `runners, last sign ${duration(seconds * 1000)} ago`,
  version: (version: string) => `Version ${version}`,
  disk: (seconds: number | null) =>
    seconds === null ? "free on the disk" : `free on the disk, for about ${roundTime(seconds)} as it goes now`,
  starts: "until a due job starts, on average",
  processes: (memory: number) => `processes with ${bytes(memory)} of memory`,
  checks: "Parts",
  ok: "Good",
  notOk: "Not good",
  names: {
    database: "MariaDB",
    redis: "Redis",
    disk: "Disk",
    schema: "Schema",
    runners: "Runners",
  } as Record<string, string>,
  /** By what /readyz calls it. */
  details: {
    latency_ms: (ms: number) => `answers in ${count(ms)} ms`,
    free_bytes: (size: number) => `${bytes(size)} free`,
    reserve_bytes: (size: number) => `${bytes(size)} are kept free`,
    slots: (slots: number) => `${counted(slots, "place")} for jobs`,
    draining: (slots: number) => `${counted(slots, "place")} being emptied`,
    degraded: () => "does not answer; jobs are found in MariaDB",
    may_evict: () => "may throw entries away: set its maxmemory-policy to noeviction",
    detail: String,
  } as Record<string, (value: number) => string>,
  settings: "Settings",
  ownSettings: "Settings that differ from their default",
  noOwnSettings: "Every setting has its default.",
  allSettings: (settings: string) => `All ${settings}`,
  settingName: "Name",
  settingValue: "Value",
  settingSource: "From",
  /** A secret, a path or an address. */
  settingHidden: "•••• (set)",
  sources: { default: "default", environment: "environment", file: "file" } as Record<string, string>,
  toJobs: "All jobs",
  toMetrics: "Metrics",
};
