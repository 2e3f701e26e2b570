// SPDX-License-Identifier: MIT
// What the packages gave for what tus-js-client and Uppy ask of them.
import { afterEach, expect, test, vi } from "vitest";
import { Base64 } from "./base64";
import FileReader from "./file_reader";
import throttle from "./throttle";
import OwnUrl from "./url";

test.each([
  ["", ""],
  ["sales.csv", "c2FsZXMuY3N2"],
  ["Größe – 5 €.csv", "R3LDtsOfZSDigJMgNSDigqwuY3N2"],
  ["𝄞", "8J2Eng=="],
])("Base64 of %j", (text, expected) => {
  expect(Base64.encode(text)).toBe(expected);
});

test.each([
  ["/upload/018f", "http://localhost:8081/upload/018f"],
  ["018f", "http://localhost:8081/upload/018f"],
  ["../upload/018f", "http://localhost:8081/upload/018f"],
  ["//other.example/x", "http://other.example/x"],
  ["http://other.example:8082/upload/018f", "http://other.example:8082/upload/018f"],
])("link %s", (link, expected) => {
  expect(new OwnUrl(link, "http://localhost:8081/upload/").toString()).toBe(expected);
});

afterEach(() => vi.useRealTimers());

test("throttle: at once, then once for all that was wished meanwhile, and never without a wish", () => {
  vi.useFakeTimers();
  const work = vi.fn();
  const wish = throttle(work, 500);
  wish();
  expect(work).toHaveBeenCalledTimes(1);
  wish();
  wish();
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(500);
  expect(work).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(5000);
  expect(work).toHaveBeenCalledTimes(2);
  wish();
  expect(work).toHaveBeenCalledTimes(3);
});

test.each([
  [0, 4, "0123", false],
  [4, 10, "456789", true],
  [4, 12, "456789", true],
])("a file from %d to %d", async (start, end, expected, last) => {
  const source = await new FileReader().openFile(new Blob(["0123456789"]));
  expect(source.size).toBe(10);
  const { value, done } = await source.slice(start, end);
  expect([await value.text(), done]).toEqual([expected, last]);
  source.close();
});
