// SPDX-License-Identifier: MIT
// Uploads that move without this page: another tab, another client.
import type { Upload } from "../../lib/types";

const kMovingMs = 15000;

const offsets = new Map<string, { offset: number; at: number }>();

export function isMoving(item: Upload): boolean {
  const last = offsets.get(item.uid);
  if (!last) {
    offsets.set(item.uid, { offset: item.offset, at: 0 });
    return false;
  }
  if (last.offset !== item.offset) offsets.set(item.uid, { offset: item.offset, at: Date.now() });
  return Date.now() - (offsets.get(item.uid)?.at ?? 0) < kMovingMs;
}
