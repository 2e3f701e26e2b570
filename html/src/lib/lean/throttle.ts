// SPDX-License-Identifier: MIT
// What Uppy takes from lodash: calls a function at once, then at the most every `waitMs`, and once after the last wish.
export default function throttle(work: () => void, waitMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wished = false;
  const due = () => {
    timer = undefined;
    if (wished) call();
  };
  const call = () => {
    wished = false;
    timer = setTimeout(due, waitMs);
    work();
  };
  return () => {
    if (timer === undefined) call();
    else wished = true;
  };
}
