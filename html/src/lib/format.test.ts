// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { bytes, count, counted, day, duration, fraction, progressLine, relative, timeLeft } from "./format";
import type { Progress } from "./types";

const kNothing: Progress = {
  phase: null,
  records_done: null,
  records_total: null,
  bytes_done: null,
  bytes_total: null,
  per_second: null,
  eta_seconds: null,
};

describe("figures", () => {
  it("writes sizes in decimal units and never 1000 of one", () => {
    expect(bytes(0)).toBe("0 B");
    expect(bytes(999)).toBe("999 B");
    expect(bytes(999_499)).toBe("999 kB");
    expect(bytes(999_600)).toBe("1.0 MB");
    expect(bytes(212_000_000)).toBe("212 MB");
    expect(bytes(1_440_000_000)).toBe("1.4 GB");
  });
  it("groups digits and knows one from many", () => {
    expect(count(1204331)).toBe("1,204,331");
    expect(counted(1, "record")).toBe("1 record");
    expect(counted(0, "record")).toBe("0 records");
  });
  it("rounds time left to what it is worth", () => {
    expect(timeLeft(1)).toBe("about 5 s left");
    expect(timeLeft(33)).toBe("about 35 s left");
    expect(timeLeft(100)).toBe("about 2 min left");
    expect(timeLeft(2 * 3600 + 7 * 60)).toBe("about 2 h 5 min left");
    expect(timeLeft(3600)).toBe("about 1 h left");
  });
  it("tells how long something took", () => {
    expect(duration(12)).toBe("under 0.1 s");
    expect(duration(400)).toBe("0.4 s");
    expect(duration(12_400)).toBe("12 s");
    expect(duration(185_000)).toBe("3 min 5 s");
    expect(duration(7_800_000)).toBe("2 h 10 min");
  });
  it("shows dates of the data without any zone", () => {
    expect(day("2016-01-03")).toBe("3 Jan 2016");
    expect(day("2017-12-30 23:59:59")).toBe("30 Dec 2017");
    expect(day("no date")).toBe("no date");
  });
  it("tells moments from now, both ways", () => {
    const now = Date.parse("2026-01-10T12:00:00Z");
    expect(relative("2026-01-10T11:59:50Z", now)).toBe("just now");
    expect(relative("2026-01-10T11:55:00Z", now)).toBe("5 min ago");
    expect(relative("2026-01-17T12:00:00Z", now)).toBe("in 7 days");
    expect(relative("2026-01-09T12:00:00Z", now)).toBe("1 day ago");
  });
});

describe("progress", () => {
  it("keeps records, bytes, rate and time left in this order", () => {
    const progress = {
      ...kNothing,
      records_done: 1_204_331,
      records_total: 4_000_000,
      bytes_done: 212_000_000,
      bytes_total: 700_000_000,
      per_second: 84_000,
      eta_seconds: 33,
    };
    expect(progressLine({ kind: "import", progress })).toBe(
      "1,204,331 of 4,000,000 records (30%) · 212 MB of 700 MB · 84,000 records/s · about 35 s left",
    );
  });
  it("gives no percentage without a total, nor beyond an estimate", () => {
    expect(progressLine({ kind: "export", progress: { ...kNothing, records_done: 5 } })).toBe("5 rows");
    const beyond = { ...kNothing, records_done: 11, records_total: 10 };
    expect(fraction(beyond)).toBeNull();
    expect(progressLine({ kind: "import", progress: beyond })).toBe("11 records");
  });
  it("never says 100 % before the commit", () => {
    const all = { ...kNothing, records_done: 10, records_total: 10 };
    expect(progressLine({ kind: "import", progress: all })).toBe("Finishing…");
    const nearly = { ...kNothing, bytes_done: 999_999, bytes_total: 1_000_000 };
    expect(progressLine({ kind: "import", progress: nearly })).toContain("(99%)");
  });
});
