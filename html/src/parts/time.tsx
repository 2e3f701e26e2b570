// SPDX-License-Identifier: MIT
import { moment, relative } from "../lib/format";

export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={moment(at)}>
      {relative(at)}
    </time>
  );
}
