// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { PieceSize } from "./piece_size";

const kMiB = 1 << 20;
const kMost = 8 * kMiB;

test("a quick line soon carries the most", () => {
  const piece = new PieceSize(100 * kMiB, kMost);
  expect(piece.bytes).toBe(kMiB);
  piece.carried(kMiB, 20);
  expect(piece.bytes).toBe(kMost);
});

test("a slow line carries what it takes in four seconds", () => {
  const piece = new PieceSize(100 * kMiB, kMost);
  piece.carried(kMiB, 10_000);
  expect(piece.bytes).toBe(Math.floor(0.4 * kMiB));
  piece.carried(piece.bytes, 60_000);
  expect(piece.bytes).toBe(1 << 16);
});

test("after a cut it grows by little, however quick the line is", () => {
  const piece = new PieceSize(100 * kMiB, kMost);
  piece.carried(kMiB, 20);
  for (let cut = 0; cut < 5; cut += 1) piece.lost();
  expect(piece.bytes).toBe(kMost / 32);
  piece.carried(piece.bytes, 1);
  expect(piece.bytes).toBe((kMost / 32) * 1.25);
  for (let more = 0; more < 40; more += 1) piece.carried(piece.bytes, 1);
  expect(piece.bytes).toBe(kMost);
});

test("a line that is cut after each 300 kB carries a file of 10 MB with a third lost at most", () => {
  const kCutAfter = 300_000;
  const piece = new PieceSize(10_000_000, kMost);
  let done = 0;
  let sent = 0;
  let onThisConnection = 0;
  for (let turn = 0; done < 10_000_000; turn += 1) {
    expect(turn).toBeLessThan(400);
    const bytes = Math.min(piece.bytes, 10_000_000 - done);
    if (onThisConnection + bytes > kCutAfter) {
      sent += kCutAfter - onThisConnection;
      onThisConnection = 0;
      piece.lost();
      continue;
    }
    onThisConnection += bytes;
    sent += bytes;
    done += bytes;
    piece.carried(bytes, 5);
  }
  expect(sent).toBeLessThan(1.5 * 10_000_000);
});

test.each([
  [50_000, kMost],
  [10e9, kMost],
  [1e12, kMost],
  [10e9, 4 * kMiB],
])("a file of %d bytes has neither tiny pieces nor too large ones", (bytes, most) => {
  const piece = new PieceSize(bytes, most);
  for (let cut = 0; cut < 20; cut += 1) {
    expect(piece.bytes).toBeLessThanOrEqual(most);
    expect(piece.bytes).toBeGreaterThanOrEqual(Math.min(most, Math.max(1 << 16, bytes / 5000)));
    piece.lost();
  }
});

test("no time at all is no rate without end", () => {
  const piece = new PieceSize(100 * kMiB, kMost);
  piece.carried(0, 0);
  expect(piece.bytes).toBe(1 << 16);
});

test("how long nothing may move depends on what the line has shown", () => {
  const piece = new PieceSize(100 * kMiB, kMost);
  expect(piece.patienceMs).toBe(120_000);
  piece.carried(kMiB, 1000);
  expect(piece.patienceMs).toBe(20_000);
  piece.carried(1 << 16, 64_000); // a kilobyte a second: the least piece takes as long again
  expect(piece.patienceMs).toBe(5 * 64_000);
});

test("on a line that has become much slower the patience grows until a piece gets through", () => {
  const piece = new PieceSize(10e9, kMost); // its least piece is 2 MB
  piece.carried(kMost, 2000);
  let waited = 0;
  while (piece.bytes / 20 > piece.patienceMs) {
    // 20 kB/s from now on: longer than the patience
    piece.lost();
    waited += 1;
    expect(waited).toBeLessThan(12);
  }
  expect(piece.bytes).toBe(2_000_000);
});
