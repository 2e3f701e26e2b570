// SPDX-License-Identifier: MIT
// A list whose head is asked for again and again, and whose tail was fetched a page at a time: one list, newest first,
// without gaps when new things push others out of the head, and without what was deleted.
import type { Page } from "./types";

export interface Listed {
  uid: string;
  created_at: string;
}

/** Things that have not changed stay the same objects, so that their rows need not be drawn again. */
export function sameOrNew<T extends Listed>(before: Map<string, T>, items: T[]): T[] {
  return items.map((one) => {
    const old = before.get(one.uid);
    return old && JSON.stringify(old) === JSON.stringify(one) ? old : one;
  });
}

/** `known`: all that was listed before, newest first. */
export function mergeHead<T extends Listed>(known: T[], head: Page<T>): T[] {
  const items = sameOrNew(new Map(known.map((one) => [one.uid, one])), head.items);
  const last = items[items.length - 1];
  if (head.next === null || !last) return items;
  const there = new Set(items.map((one) => one.uid));
  // What is newer than the head's end and not in it has been deleted.
  return [...items, ...known.filter((one) => !there.has(one.uid) && one.created_at <= last.created_at)];
}

export function mergeTail<T extends Listed>(known: T[], page: T[]): T[] {
  const there = new Set(known.map((one) => one.uid));
  return [...known, ...page.filter((one) => !there.has(one.uid))];
}
