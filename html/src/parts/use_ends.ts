// SPDX-License-Identifier: MIT
import { useEffect, useRef } from "preact/hooks";
import { isActive } from "../lib/control";
import { tell } from "../lib/tell";
import type { JobState } from "../lib/types";
import { tStates } from "../texts/en/common";

interface Watched {
  uid: string;
  state: JobState;
  name: string;
  href: string;
}

/** Tells once of each that was seen at work that it has ended. */
export function useTellEnds(items: Watched[]): void {
  const working = useRef(new Set<string>());
  useEffect(() => {
    for (const one of items) {
      if (isActive(one.state)) working.current.add(one.uid);
      else if (working.current.delete(one.uid) && one.state !== "cancelled")
        tell(`${one.name}: ${tStates[one.state]}`, one.state === "failed" ? "failed" : "done", one.href);
    }
  }, [items]);
}
