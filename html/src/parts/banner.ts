// SPDX-License-Identifier: MIT
// Above all pages, while the server does not answer: what is the matter, that nothing is lost, and when the next try is.
import { effect } from "@preact/signals";
import type { Poll } from "../lib/poll";
import { tCommon } from "../texts/en/common";

/** Follows the faults of the page's main poll until the returned function is called. */
export function bannerFor(one: Poll<unknown>): () => void {
  const banner = document.getElementById("banner");
  const [what, when] = banner?.querySelectorAll("span") ?? [];
  const button = banner?.querySelector("button");
  if (!banner || !what || !when || !button) return () => {};
  const countDown = () => {
    const seconds = Math.max(0, Math.ceil((one.nextAt.peek() - Date.now()) / 1000));
    when.textContent = seconds > 0 ? tCommon.tryingIn(seconds) : tCommon.trying;
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  const hide = () => {
    clearInterval(timer);
    timer = undefined;
    banner.hidden = true;
    what.textContent = "";
  };
  const follow = effect(() => {
    const fault = one.fault.value;
    one.nextAt.value;
    if (!fault?.passes) return hide();
    banner.hidden = false;
    // The live region changes only when there is something new to say; the seconds beside it are not read out.
    const text = fault.status !== 0 ? fault.detail || fault.title : tCommon.noServer(navigator.onLine);
    if (what.textContent !== text) what.textContent = text;
    button.textContent = tCommon.tryNow;
    button.onclick = () => one.now();
    countDown();
    timer ??= setInterval(countDown, 500);
  });
  return () => {
    follow();
    hide();
  };
}
