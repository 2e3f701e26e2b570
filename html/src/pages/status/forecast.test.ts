// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { secondsUntilFull } from "./forecast";

const kMinute = 60_000;

test("a disk that loses 1 GB a minute of 10 GB is full in ten minutes", () => {
  const seen = [
    { at: 0, free: 11e9 },
    { at: kMinute, free: 10e9 },
  ];
  expect(secondsUntilFull(seen)).toBeCloseTo(600);
});

test("there is no forecast from one look, from a short time, where room grows, or of what is far away", () => {
  expect(secondsUntilFull([])).toBeNull();
  expect(secondsUntilFull([{ at: 0, free: 1 }])).toBeNull();
  const within = (ms: number, before: number, after: number) => [
    { at: 0, free: before },
    { at: ms, free: after },
  ];
  expect(secondsUntilFull(within(kMinute - 1, 11e9, 10e9))).toBeNull();
  expect(secondsUntilFull(within(kMinute, 10e9, 11e9))).toBeNull();
  expect(secondsUntilFull(within(kMinute, 10e9, 10e9))).toBeNull();
  expect(secondsUntilFull(within(kMinute, 100e9, 99.9999e9))).toBeNull();
});
