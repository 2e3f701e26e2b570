// SPDX-License-Identifier: MIT

export const tStatus = {
  title: "Status",
  allGood: "All good.",
  degraded: (names: string[]) => `Working, but not all is well: ${names.join(", ")}.`,
  notReady: (names: string[]) => (names.length > 0 ? `Not ready: ${names.join(", ")}.` : "Not ready."),
  notGoodText: "Nothing is lost. Jobs go on by themselves when the cause is gone.",
  running: "jobs running",
  queued: "jobs waiting",
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
