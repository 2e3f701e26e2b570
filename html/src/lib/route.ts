// SPDX-License-Identifier: MIT
// A page serves its own address and those of its resources: /export and /export/{uid} are one file.
import { signal } from "@preact/signals";

const kUid = /\/([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/;

export const path = signal(location.pathname);
export const query = signal(new URLSearchParams(location.search));

/** The uid at the end of an address, or null. */
export function uidOf(address: string): string | null {
  return kUid.exec(address)?.[1] ?? null;
}

function read(): void {
  path.value = location.pathname;
  query.value = new URLSearchParams(location.search);
}

/** Shows another address of the same page. */
export function go(address: string): void {
  history.pushState(null, "", address);
  read();
  window.scrollTo(0, 0);
}

/** Keeps filters in the address, so that a reload and a link show the same. */
export function setQuery(name: string, value: string): void {
  setQueries({ [name]: value });
}

export function setQueries(changes: Record<string, string>): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const text = next.toString();
  history.replaceState(null, "", text ? `${location.pathname}?${text}` : location.pathname);
  read();
}

window.addEventListener("popstate", read);
