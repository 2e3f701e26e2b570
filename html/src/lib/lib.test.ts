// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { quarterPassed } from "./announce";
import { uploadMetadata } from "./api";
import { addDays, dateOnly, lastDays, wholeYear, yearsOf } from "./dates";
import { fingerprint } from "./fingerprint";
import { parseMetrics, total } from "./metrics";
import { nextDelay } from "./poll";
import { Rate } from "./rate";
import { uidOf } from "./route";
import { sampleCsv } from "./sample";
import { sha256, sha256WithoutCrypto } from "./sha256";

describe("sha256", () => {
  it("gives the digests of FIPS 180-4's examples without crypto.subtle", () => {
    const of = (text: string) => sha256WithoutCrypto(new TextEncoder().encode(text));
    expect(of("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(of("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).toBe(
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    );
  });
  it("agrees with crypto.subtle at each length around a block", async () => {
    for (let size = 50; size < 135; size += 1) {
      const data = Uint8Array.from({ length: size }, (_, index) => (index * 37) & 255);
      expect(sha256WithoutCrypto(data)).toBe(await sha256(data));
    }
  });
});

describe("fingerprint", () => {
  const mib = 1 << 20;
  const file = (size: number, change?: number) => {
    const data = new Uint8Array(size);
    if (change !== undefined) data[change] = 1;
    return new Blob([data]);
  };
  it("tells files apart by size, start and end", async () => {
    const plain = await fingerprint(file(3 * mib));
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
    expect(await fingerprint(file(3 * mib))).toBe(plain);
    expect(await fingerprint(file(3 * mib + 1))).not.toBe(plain);
    expect(await fingerprint(file(3 * mib, 0))).not.toBe(plain);
    expect(await fingerprint(file(3 * mib, 3 * mib - 1))).not.toBe(plain);
  });
  it("takes an empty file", async () => {
    expect(await fingerprint(new Blob([]))).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("dates", () => {
  const data = { from: "2016-01-03", to: "2017-12-30" };
  it("takes the date of a value", () => {
    expect(dateOnly("2016-01-03 10:00:00")).toBe("2016-01-03");
    expect(dateOnly(null)).toBeNull();
    expect(dateOnly("17")).toBeNull();
  });
  it("counts days over months and leap years", () => {
    expect(addDays("2016-02-28", 1)).toBe("2016-02-29");
    expect(addDays("2017-01-01", -1)).toBe("2016-12-31");
    expect(addDays("0044-03-15", 1)).toBe("0044-03-16");
  });
  it("offers ranges within the data", () => {
    expect(lastDays(data, 30)).toEqual({ from: "2017-12-01", to: "2017-12-30" });
    expect(wholeYear(data, 2016)).toEqual({ from: "2016-01-03", to: "2016-12-31" });
    expect(yearsOf(data)).toEqual([2017, 2016]);
    expect(yearsOf({ from: "2016-01-03", to: "2016-02-01" })).toEqual([]);
  });
});

describe("rate", () => {
  it("says nothing about the time left before 3 s", () => {
    const rate = new Rate();
    rate.add(0, 0);
    rate.add(1000, 1000);
    rate.add(2000, 2000);
    expect(rate.perSecond()).toBeCloseTo(1000);
    expect(rate.secondsFor(5000)).toBeNull();
    rate.add(3000, 3000);
    expect(rate.secondsFor(5000)).toBeCloseTo(5);
  });
  it("follows a change slowly", () => {
    const rate = new Rate();
    for (let second = 0; second <= 20; second += 1) rate.add(second * 1000, second * 1000);
    rate.add(20_000 + 5000, 21_000);
    expect(rate.perSecond()).toBeGreaterThan(1000);
    expect(rate.perSecond()).toBeLessThan(2000);
  });
  it("is nothing while nothing flows, and begins anew behind a break", () => {
    const rate = new Rate();
    for (let second = 0; second <= 5; second += 1) rate.add(second * 1000, second * 1000);
    for (let second = 6; second <= 600; second += 1) rate.add(5000, second * 1000);
    expect(rate.perSecond()).toBe(0);
    expect(rate.secondsFor(5000)).toBeNull();
    for (let second = 1; second <= 4; second += 1) rate.add(5000 + second * 100, (600 + second) * 1000);
    expect(rate.perSecond()).toBeCloseTo(100);
    expect(rate.secondsFor(5000)).toBeCloseTo(50);
  });
  it("does not count the wait before the first byte", () => {
    const rate = new Rate();
    rate.add(0, 0);
    rate.add(0, 10_000);
    rate.add(1000, 11_000);
    expect(rate.perSecond()).toBeCloseTo(1000);
  });
});

describe("small things", () => {
  it("slows down while nothing changes, and in a hidden tab", () => {
    expect([0, 1, 2, 3, 9].map((quiet) => nextDelay(quiet, null, false))).toEqual([1000, 2000, 5000, 10000, 10000]);
    expect(nextDelay(0, null, true)).toBe(30000);
    expect(nextDelay(3, 2, false)).toBe(2000);
    expect(nextDelay(0, 0, false)).toBe(1000);
  });
  it("writes Upload-Metadata with any characters", () => {
    expect(uploadMetadata({ filename: "a.csv", load: "" })).toBe("filename YS5jc3Y=,load");
    expect(uploadMetadata({ filename: "größe.csv" })).toBe("filename Z3LDtsOfZS5jc3Y=");
  });
  it("finds the uid of an address", () => {
    const uid = "0f8fad5b-d9cb-469f-a165-70867728950e";
    expect(uidOf(`/upload/${uid}`)).toBe(uid);
    expect(uidOf(`/upload/${uid}/file`)).toBeNull();
    expect(uidOf("/team/groups")).toBeNull();
  });
  it("tells each quarter once", () => {
    expect(quarterPassed(0.2, 0.3)).toBe(25);
    expect(quarterPassed(0.3, 0.4)).toBeNull();
    expect(quarterPassed(0.1, 0.8)).toBe(75);
    expect(quarterPassed(0.9, 1)).toBeNull();
  });
});

describe("sample", () => {
  it("is the same each time, 1,000 records within two years", () => {
    const lines = sampleCsv().trimEnd().split("\n");
    expect(lines.length).toBe(1001);
    expect(sampleCsv()).toBe(sampleCsv());
    expect(lines[1]).toMatch(/^10001,2016-01-03,/);
    expect(lines[1000]).toMatch(/,2017-12-\d\d,/);
  });
});

describe("metrics", () => {
  const text = '# HELP a b\na{kind="import",state="running"} 2\na{kind="export",state="running"} 3\nb 1.5e3 123\n';
  it("reads samples and sums them by label", () => {
    const samples = parseMetrics(text);
    expect(samples.length).toBe(3);
    expect(total(samples, "a", { state: "running" })).toBe(5);
    expect(total(samples, "a", { kind: "team" })).toBeNull();
    expect(total(samples, "b")).toBe(1500);
  });
  it("reads escapes in labels", () => {
    expect(parseMetrics('a{x="a\\"b\\n}"} 1')[0]?.labels.x).toBe('a"b\n}');
  });
});
