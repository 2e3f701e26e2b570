// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { mergeHead, mergeTail, sameOrNew } from "./merge";

const item = (n: number, state = "done") => ({
  uid: `u${n}`,
  created_at: `2026-01-${String(n).padStart(2, "0")}`,
  state,
});
const uids = (list: { uid: string }[]) => list.map((one) => one.uid).join(" ");

describe("a list of pages", () => {
  it("keeps what new things push out of the head", () => {
    const known = [item(5), item(4), item(3), item(2)];
    const head = { items: [item(7), item(6), item(5)], next: "c" };
    expect(uids(mergeHead(known, head))).toBe("u7 u6 u5 u4 u3 u2");
  });
  it("drops what was deleted from the head", () => {
    const known = [item(5), item(4), item(3), item(2)];
    expect(uids(mergeHead(known, { items: [item(5), item(3)], next: "c" }))).toBe("u5 u3 u2");
    expect(uids(mergeHead(known, { items: [item(5), item(3)], next: null }))).toBe("u5 u3");
    expect(uids(mergeHead(known, { items: [], next: null }))).toBe("");
  });
  it("adds older pages once", () => {
    expect(uids(mergeTail([item(5), item(4)], [item(4), item(3)]))).toBe("u5 u4 u3");
  });
  it("keeps the objects of what has not changed", () => {
    const before = item(1);
    const [same] = sameOrNew(new Map([["u1", before]]), [item(1)]);
    expect(same).toBe(before);
    const [changed] = sameOrNew(new Map([["u1", before]]), [item(1, "failed")]);
    expect(changed?.state).toBe("failed");
  });
});
