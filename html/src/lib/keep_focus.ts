// SPDX-License-Identifier: MIT
// Keeps the place of people who work by keyboard (WCAG 2.4.3): when the button they pressed goes away, the focus goes
// to its counterpart in the same row (or in what shows one thing alone), or to the row itself.

let last: HTMLElement;
let row: HTMLElement | null = null;

function remember({ target }: FocusEvent): void {
  const element = target as HTMLElement;
  if (element.closest("dialog")) return; // which gives the focus back by itself
  last = element;
  row = element.closest(".row, tr, [data-state]");
}

function bringBack(): void {
  if (!row?.isConnected || last.isConnected || document.activeElement !== document.body) return;
  row.tabIndex = -1;
  (row.querySelector<HTMLElement>("[data-action$=pause],[data-action$=resume]") ?? row).focus({ preventScroll: true });
}

export function keepFocus(): void {
  addEventListener("focusin", remember);
  new MutationObserver(bringBack).observe(document.body, { childList: true, subtree: true });
}
