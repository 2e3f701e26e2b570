// SPDX-License-Identifier: MIT
// A thing of the server for as long as a part of the page is there, and what stands in its place until it has come.
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { type Poll, poll } from "../lib/poll";
import { tCommon } from "../texts/en/common";
import { bannerFor } from "./banner";
import { Fault, NotFound } from "./fault";

export function usePoll<T>(path: string): Poll<T> {
  const one = useMemo(() => poll<T>(path), [path]);
  useEffect(() => {
    const end = bannerFor(one);
    return () => {
      end();
      one.stop();
    };
  }, [one]);
  return one;
}

/** null once the thing is there; before that, or instead of it, a heading and what is the matter. */
export function insteadOf(one: Poll<unknown>, title: string): VNode | null {
  const refused = one.fault.value;
  if (refused && !refused.passes) {
    return (
      <>
        <h1>{title}</h1>
        {refused.status === 404 || refused.status === 410 ? <NotFound /> : <Fault fault={refused} />}
      </>
    );
  }
  return one.data.value === null ? <h1>{tCommon.loading}</h1> : null;
}
