// SPDX-License-Identifier: MIT
// One tab asks the server for an address, the others listen to it. Who asks holds a lease in localStorage: that is there
// on plain http too, where Web Locks are not, and a tab that people look at can take it from one that is hidden. A lease
// that runs out (its tab was killed) is anybody's; two that take it at once ask twice, once.

export interface Told {
  path: string;
  /** An answer (`data` is absent when nothing has changed), a fault, or a lease given up. */
  kind: "answer" | "fault" | "free";
  data?: unknown;
  etag?: string | null;
  fault?: unknown;
  nextAt?: number;
}

interface Lease {
  tab: string;
  until: number;
  hidden: boolean;
}

/** What a request may take before others take it for dead. */
const kGraceMs = 10_000;

const tab = Math.random().toString(36).slice(2);
let channel: BroadcastChannel | null | undefined;
const listeners = new Map<string, Set<(told: Told) => void>>();

function open(): BroadcastChannel | null {
  if (channel === undefined) {
    channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("sluice-poll");
    if (channel) {
      channel.onmessage = (event: MessageEvent<Told>) => {
        for (const listen of listeners.get(event.data.path) ?? []) listen(event.data);
      };
    }
  }
  return channel;
}

export interface Share {
  /** Milliseconds until this tab should ask: 0 when it is the one that asks. */
  turn(): number;
  /** Keeps asking this tab's business until then and a little longer. */
  renew(nextAt: number): void;
  tell(told: Omit<Told, "path">): void;
  /** Somebody else may ask now. */
  leave(): void;
  stop(): void;
}

/** null where the browser cannot share; then each tab asks for itself. */
export function share(path: string, listen: (told: Told) => void): Share | null {
  let store: Storage;
  try {
    store = globalThis.localStorage;
    if (!store || !open()) return null;
  } catch {
    return null; // storage is forbidden
  }
  const key = `sluice.poll ${path}`;
  const all = listeners.get(path) ?? new Set();
  listeners.set(path, all.add(listen));

  const read = (): Lease | null => {
    try {
      const lease = JSON.parse(store.getItem(key) ?? "null") as Lease | null;
      return lease && lease.until > Date.now() ? lease : null;
    } catch {
      return null;
    }
  };
  const tell: Share["tell"] = (told) => {
    // Also to the listeners of this tab: two parts of a page may ask for the same.
    const whole = { ...told, path };
    open()?.postMessage(whole);
    for (const other of all) if (other !== listen) other(whole);
  };
  const leave = () => {
    if (read()?.tab !== tab) return;
    store.removeItem(key);
    tell({ kind: "free" });
  };
  const hidden = () => {
    const lease = read();
    if (!document.hidden || lease?.tab !== tab) return;
    store.setItem(key, JSON.stringify({ ...lease, hidden: true }));
    tell({ kind: "free" });
  };
  document.addEventListener("visibilitychange", hidden);
  window.addEventListener("pagehide", leave);
  return {
    turn() {
      const lease = read();
      if (!lease || lease.tab === tab || (lease.hidden && !document.hidden)) return 0;
      return lease.until - Date.now();
    },
    renew(nextAt) {
      try {
        store.setItem(key, JSON.stringify({ tab, until: nextAt + kGraceMs, hidden: document.hidden } satisfies Lease));
      } catch {
        // Full or forbidden: then the others ask too.
      }
    },
    tell,
    leave,
    stop() {
      leave();
      all.delete(listen);
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("pagehide", leave);
    },
  };
}
