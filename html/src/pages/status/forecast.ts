// SPDX-License-Identifier: MIT
// When the disk will be full, if it goes on as it has gone since this page was opened.

export interface Room {
  /** Milliseconds, on any clock that only goes forward. */
  at: number;
  /** Bytes. */
  free: number;
}

/** Less is chance: a job that writes and removes. */
const kLeastMs = 60_000;
/** What is farther away than a month is of no concern. */
const kMostSeconds = 30 * 86_400;

/** null: it does not fall, it was not looked at long enough, or it is far away. */
export function secondsUntilFull(seen: Room[]): number | null {
  const first = seen[0];
  const last = seen[seen.length - 1];
  if (!first || !last || last.at - first.at < kLeastMs || last.free >= first.free) return null;
  const seconds = (last.free * (last.at - first.at)) / (first.free - last.free) / 1000;
  return seconds > kMostSeconds ? null : seconds;
}
