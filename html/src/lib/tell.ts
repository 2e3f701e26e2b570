// SPDX-License-Identifier: MIT
// How a tab that nobody looks at tells that something has ended: its title, its sign, a message that waits, and a notice
// of the system for those who asked for one.
import { signal } from "@preact/signals";
import busy from "../assets/mark_busy.svg?url";
import done from "../assets/mark_done.svg?url";
import failed from "../assets/mark_failed.svg?url";
import { announce } from "./announce";

export type Outcome = "done" | "failed";

export interface Message {
  text: string;
  outcome: Outcome;
  href: string | null;
}

/** What ended while nobody looked; each stays until it is dismissed. */
export const messages = signal<Message[]>([]);
/** Whether this browser gives notices of the system, and may. */
export const notices = signal<"off" | "on" | "denied" | "none">(noticesNow());

const kWanted = "sluice.notify";
const kMost = 20;
let away: Outcome | null = null;
let part: number | null = null;
let base = document.title;

function noticesNow(): "off" | "on" | "denied" | "none" {
  if (typeof Notification === "undefined") return "none"; // plain http
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && localStorage.getItem(kWanted) === "on" ? "on" : "off";
}

function show(): void {
  const sign = away === "failed" ? "(!) " : away === "done" ? "(✓) " : part !== null ? `(${part}%) ` : "";
  document.title = sign + base;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!icon) return;
  icon.dataset.plain ??= icon.href;
  const state = away === "failed" ? failed : away === "done" ? done : part !== null ? busy : icon.dataset.plain;
  if (icon.getAttribute("href") !== state) icon.setAttribute("href", state);
}

/** What the page shows, for the title: the name of one thing. */
export function nameTab(name: string): void {
  base = `${name} · ${base.split(" · ").slice(-2).join(" · ")}`;
  show();
}

/** How far the work of this tab is, 0..1; null when there is none. */
export function showWork(done: number | null): void {
  part = done === null ? null : Math.min(99, Math.floor(done * 100));
  show();
}

/** Something that was seen at work has ended. */
export function tell(text: string, outcome: Outcome, href: string | null = null): void {
  announce(text);
  if (!document.hidden) return;
  // A failure is not covered by a success that comes after it.
  if (away !== "failed") away = outcome;
  messages.value = [...messages.value, { text, outcome, href }].slice(-kMost);
  show();
  if (notices.value !== "on") return;
  // One tag for one text: a second tab that sees the same end replaces the notice instead of giving another one.
  const notice = new Notification("Sluice", { body: text, tag: text });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
}

export function dismiss(message: Message): void {
  messages.value = messages.value.filter((one) => one !== message);
}

/** Only after a click: asks the browser for leave, or stops the notices. */
export async function toggleNotices(): Promise<void> {
  if (notices.value === "on") localStorage.setItem(kWanted, "off");
  else if ((await Notification.requestPermission()) === "granted") localStorage.setItem(kWanted, "on");
  notices.value = noticesNow();
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  away = null;
  show();
});
