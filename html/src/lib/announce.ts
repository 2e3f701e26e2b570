// SPDX-License-Identifier: MIT
// What a screen reader hears: start, quarters, pause, end; never each tick.

export function announce(text: string): void {
  const region = document.getElementById("announce");
  if (region) region.textContent = text;
}

/** The quarter that was passed between two parts of a whole (25, 50, 75), or null. */
export function quarterPassed(before: number, after: number): number | null {
  const quarter = Math.floor(after * 4);
  return quarter > Math.floor(before * 4) && quarter < 4 ? quarter * 25 : null;
}
