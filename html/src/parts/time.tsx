// SPDX-License-Identifier: MIT
import { signal } from "@preact/signals";
import { moment, relative } from "../lib/format";

/** Moves now and then, so that "just now" grows old by itself. */
const tick = signal(0);
setInterval(() => {
  if (!document.hidden) tick.value += 1;
}, 30_000);

export function Time({ at }: { at: string }) {
  tick.value;
  return (
    <time dateTime={at} title={moment(at)}>
      {relative(at)}
    </time>
  );
}
