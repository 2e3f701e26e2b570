// SPDX-License-Identifier: MIT
// A file of this page on its way to the server: what is wished for it, and how far it is.
import { type Signal, signal } from "@preact/signals";
import { randomKey } from "../../lib/api";

export type Phase =
  | "reading"
  | "creating"
  | "waiting"
  | "sending"
  | "paused"
  | "elsewhere"
  | "cancelled"
  | "failed"
  | "sent";
export type Wish = "run" | "pause" | "cancel" | "restart";

export interface Trouble {
  kind: "retry" | "disk" | "gone" | "unreadable" | "refused";
  attempt?: number;
  seconds?: number;
  message?: string;
}

/** An open upload on the server that a chosen file may continue. */
export interface Known {
  uid: string;
  offset: number;
}

/** The same content is a dataset already. */
export interface Before {
  uid: string;
  name: string;
  at: string;
}

export interface Entry {
  key: string;
  file: File;
  handle: FileSystemFileHandle | null;
  name: string;
  size: number;
  metadata: Record<string, string>;
  print: string | null;
  address: string | null;
  uid: Signal<string | null>;
  phase: Signal<Phase>;
  wish: Signal<Wish>;
  sent: Signal<number>;
  trouble: Signal<Trouble | null>;
  before: Signal<Before | null>;
  createKey: string;
  running: boolean;
  wake: () => void;
}

export interface NewEntry {
  file: File;
  metadata: Record<string, string>;
  handle: FileSystemFileHandle | null;
  /** The upload that it goes on with; otherwise one is looked for, then made. */
  known?: Known | undefined;
  print?: string | undefined;
  paused?: boolean | undefined;
}

export function newEntry({ file, metadata, handle, known, print, paused = false }: NewEntry): Entry {
  return {
    key: randomKey(),
    file,
    handle,
    name: file.name,
    size: file.size,
    metadata,
    print: print ?? null,
    address: known ? `/upload/${known.uid}` : null,
    uid: signal(known?.uid ?? null),
    phase: signal<Phase>("reading"),
    wish: signal<Wish>(paused ? "pause" : "run"),
    sent: signal(known?.offset ?? 0),
    trouble: signal<Trouble | null>(null),
    before: signal<Before | null>(null),
    createKey: randomKey(),
    running: false,
    wake: () => {},
  };
}
