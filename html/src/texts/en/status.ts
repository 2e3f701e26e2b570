// SPDX-License-Identifier: MIT
import { count, duration } from "../../lib/format";

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
  disk: "free on the disk",
  uploads: "uploads under way",
  loaded: "rows loaded since the start",
  exported: "rows exported since the start",
  received: "received since the start",
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
  toJobs: "All jobs",
  toMetrics: "Metrics",
};
