// SPDX-License-Identifier: MIT
// Rates, one for each file under way and one for all; told to screen readers by the quarter, and to the title of the tab.
import { computed, effect, signal } from "@preact/signals";
import { announce, quarterPassed } from "../../lib/announce";
import { Rate } from "../../lib/rate";
import { showWork } from "../../lib/tell";
import { tUpload } from "../../texts/en/upload";
import type { Entry } from "./entry";
import { sender } from "./model";

const rates = new Map<string, Rate>();
const together = new Rate();
export const tick = signal(0);

export function rateOf(entry: Entry): Rate {
  let rate = rates.get(entry.key);
  if (!rate) {
    rate = new Rate();
    rates.set(entry.key, rate);
  }
  return rate;
}

export const totals = computed(() => {
  tick.value;
  const active = sender.entries.value.filter((one) => one.phase.value === "sending" || one.phase.value === "waiting");
  const sent = active.reduce((sum, one) => sum + one.sent.peek(), 0);
  const size = active.reduce((sum, one) => sum + one.size, 0);
  return { files: active.length, sent, size, rate: together.perSecond(), left: together.secondsFor(size - sent) };
});

let heard = 0;
let files = 0;
/** With new files the quarters are told anew. */
sender.entries.subscribe((entries) => {
  if (entries.length > files) heard = 0;
  files = entries.length;
});

let flowed = 0;
const lastSent = new Map<string, number>();

/** Twice a second while something is sent: the figures, and each quarter told to screen readers. */
setInterval(() => {
  const now = performance.now();
  const sending = sender.entries.peek().filter((one) => one.phase.peek() === "sending");
  if (sending.length === 0) return;
  for (const entry of sending) {
    const sent = entry.sent.peek();
    rateOf(entry).add(sent, now);
    flowed += Math.max(0, sent - (lastSent.get(entry.key) ?? sent));
    lastSent.set(entry.key, sent);
  }
  together.add(flowed, now);
  tick.value += 1;
  const every = sender.entries.peek().filter((one) => one.phase.peek() !== "cancelled");
  const size = every.reduce((sum, one) => sum + one.size, 0);
  const part = size ? every.reduce((sum, one) => sum + one.sent.peek(), 0) / size : 0;
  const quarter = quarterPassed(heard, part);
  heard = part;
  if (quarter !== null) announce(tUpload.announcePart(quarter));
}, 500);

window.addEventListener("beforeunload", (event) => {
  if (sender.entries.peek().some((one) => one.phase.peek() === "sending")) event.preventDefault();
});

/** How far the bytes of this page's files are, for the title. */
effect(() => {
  tick.value;
  const active = sender.entries.value.filter((one) => one.phase.value === "sending" || one.phase.value === "waiting");
  if (active.length === 0) return showWork(null);
  const size = active.reduce((sum, one) => sum + one.size, 0);
  showWork(size ? active.reduce((sum, one) => sum + one.sent.peek(), 0) / size : 0);
});
