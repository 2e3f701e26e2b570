// SPDX-License-Identifier: MIT
// The files of this page on their way to the server. Each has a wish (run, pause, cancel, restart) and one loop that
// carries it out step by step. A wish that comes while a step is under way (reading, POST on its way) is kept and carried
// out as soon as the step has ended: a cancelled file is removed from the server also when its address was not known yet.
import { signal } from "@preact/signals";
import { ApiError, createUpload, randomKey, terminateUpload } from "../../lib/api";
import type { Carriage } from "../../lib/carrier";
import { fingerprint } from "../../lib/fingerprint";
import { uidOf } from "../../lib/route";
import { forget, kKeepWhole, remember, setPaused } from "../../lib/store";
import { type Before, type Entry, type Known, newEntry, type Trouble, type Wish } from "./entry";
import { exclusively, freed } from "./one_tab";
import { Slots } from "./slots";

/** Uploads at once: enough to fill a line, few enough to see the first ones end. */
const kAtOnce = 5;
const kCreateAtOnce = 4;
const kLoadAgainMs = 2000;
const kCreateDelays = [500, 1000, 2000, 5000, 10000];

export interface SenderHooks {
  /** Finds an open upload of the same content to go on with, and a dataset that was made of it. */
  find(print: string, size: number, name: string): Promise<{ open: Known | null; before: Before | null }>;
  /** Something on the server has changed: created, completed, removed. */
  changed(): void;
}

export class Sender {
  readonly entries = signal<Entry[]>([]);
  private readonly sending = new Slots(kAtOnce);
  private readonly creating = new Slots(kCreateAtOnce);

  constructor(private readonly hooks: SenderHooks) {}

  /** Takes a file in. `known`: the upload it goes on with; otherwise one is looked for, then made. */
  add(
    file: File,
    metadata: Record<string, string>,
    handle: FileSystemFileHandle | null,
    known?: Known,
    print?: string,
    paused = false,
  ): Entry {
    const entry = newEntry({ file, metadata, handle, known, print, paused });
    this.entries.value = [...this.entries.value, entry];
    void this.run(entry);
    return entry;
  }

  want(entry: Entry, wish: Wish): void {
    if (entry.phase.value === "sent") return;
    // A cancel is a promise: nothing takes it back, it can only be tried again.
    if (entry.wish.value === "cancel" && entry.phase.value !== "cancelled") {
      void this.run(entry);
      return;
    }
    entry.wish.value = wish;
    if (wish === "run") entry.trouble.value = null;
    entry.wake();
    void this.run(entry);
  }

  /** Takes a finished or cancelled one off the page's list. */
  drop(entry: Entry): void {
    this.entries.value = this.entries.value.filter((one) => one !== entry);
  }

  private async run(entry: Entry): Promise<void> {
    if (entry.running) return;
    entry.running = true;
    try {
      while (await this.step(entry)) {
        // Each step looks at the wish anew.
      }
    } finally {
      entry.running = false;
    }
  }

  /** Resolves when the wish changes, or after `ms`. */
  private change(entry: Entry, ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      entry.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One step; false when there is nothing to do until the wish changes. */
  private async step(entry: Entry): Promise<boolean> {
    const wish = entry.wish.value;
    if (wish === "cancel" || wish === "restart") return this.takeBack(entry, wish);
    if (entry.print === null) return this.read(entry);
    if (entry.address === null) return this.create(entry);
    if (wish === "pause") {
      entry.phase.value = "paused";
      await setPaused(entry.uid.value ?? "", true);
      return entry.wish.value !== "pause";
    }
    if (entry.size === 0) return this.complete(entry);
    return this.send(entry);
  }

  private async read(entry: Entry): Promise<boolean> {
    entry.phase.value = "reading";
    try {
      entry.print = await fingerprint(entry.file);
    } catch {
      return this.fail(entry, { kind: "unreadable" });
    }
    try {
      const { open: known, before } = await this.hooks.find(entry.print, entry.size, entry.name);
      entry.before.value = before;
      if (known && !this.isTaken(entry, known)) {
        entry.address = `/upload/${known.uid}`;
        entry.uid.value = known.uid;
        entry.sent.value = known.offset;
        await this.keep(entry);
      }
    } catch {
      // Not found out: then it becomes a new upload, which is never wrong.
    }
    return true;
  }

  /**
   * An upload that the list shows may be the one that a twin of this file has just made, whose answer is still on its
   * way: then its address is not known here yet.
   */
  private isTaken(entry: Entry, known: Known): boolean {
    return this.entries.value.some(
      (one) =>
        one !== entry && (one.uid.value === known.uid || (one.print === entry.print && one.phase.value !== "sent")),
    );
  }

  private async create(entry: Entry): Promise<boolean> {
    entry.phase.value = "creating";
    const release = await this.creating.take();
    try {
      if (entry.wish.value === "cancel" || entry.wish.value === "restart") return true;
      entry.address = await createUpload(
        entry.size,
        { ...entry.metadata, filename: entry.name, filetype: "text/csv", fingerprint: entry.print ?? "" },
        entry.createKey,
      );
      entry.uid.value = uidOf(entry.address);
      entry.trouble.value = null;
      // On disk before the first byte is sent, so that killing the browser loses nothing.
      await this.keep(entry);
      this.hooks.changed();
      return true;
    } catch (fault) {
      if (!(fault instanceof ApiError)) throw fault;
      if (!fault.passes) return this.fail(entry, { kind: "refused", message: fault.message });
      release();
      const attempt = (entry.trouble.value?.attempt ?? 0) + 1;
      const delay = fault.retryAfterSeconds
        ? fault.retryAfterSeconds * 1000
        : (kCreateDelays[Math.min(attempt, kCreateDelays.length) - 1] as number);
      const kind = fault.status === 507 ? "disk" : "retry";
      entry.trouble.value = { kind, attempt, seconds: Math.ceil(delay / 1000) };
      await this.change(entry, delay);
      return true;
    } finally {
      release();
    }
  }

  private async send(entry: Entry): Promise<boolean> {
    entry.phase.value = "waiting";
    const release = await this.sending.takeUnless(this.change(entry));
    if (release === null) return true;
    const name = entry.uid.value ?? entry.key;
    let elsewhere = false;
    try {
      if (entry.wish.value !== "run") return true;
      const again = await exclusively(name, async (mine) => {
        elsewhere = !mine;
        if (!mine) return true;
        await setPaused(entry.uid.value ?? "", false);
        return entry.wish.value === "run" ? this.transfer(entry) : true;
      });
      if (!elsewhere) return again;
    } finally {
      release();
    }
    // Another tab sends it. When that one has ended or was closed, this one goes on, or finds that all is there.
    entry.phase.value = "elsewhere";
    await freed(name, this.change(entry));
    return true;
  }

  private async transfer(entry: Entry): Promise<boolean> {
    const carrier = await loadCarrier();
    if (carrier === null) {
      entry.trouble.value = { kind: "retry", attempt: 1, seconds: kLoadAgainMs / 1000 };
      await this.change(entry, kLoadAgainMs);
      return true;
    }
    entry.phase.value = "sending";
    let status: number | null | undefined;
    let done = false;
    let unreadable = false;
    let carriage: Carriage | undefined;
    const ended = new Promise<void>((resolve) => {
      carriage = carrier.carry(entry.file, entry.name, entry.address as string, entry.key, {
        progress: (sent) => {
          entry.sent.value = sent;
          entry.trouble.value = null;
        },
        retrying: (code, attempt, delayMs) => {
          const kind = code === 507 ? "disk" : "retry";
          entry.trouble.value = { kind, attempt, seconds: Math.ceil(delayMs / 1000) };
          if (code === null) {
            // The line, or the file: one that was changed or removed meanwhile cannot be read.
            entry.file
              .slice(0, 1)
              .arrayBuffer()
              .catch(() => {
                unreadable = true;
                resolve();
              });
          }
        },
        done: () => {
          done = true;
          resolve();
        },
        failed: (code) => {
          status = code;
          resolve();
        },
      });
    });
    await Promise.race([ended, this.change(entry)]);
    if (done) return this.complete(entry);
    if (status !== undefined) {
      return this.fail(entry, { kind: status === 404 || status === 410 ? "gone" : "refused" });
    }
    await carriage?.drop();
    this.hooks.changed();
    if (unreadable) return this.fail(entry, { kind: "unreadable" });
    return true;
  }

  private async complete(entry: Entry): Promise<boolean> {
    entry.sent.value = entry.size;
    entry.trouble.value = null;
    entry.phase.value = "sent";
    await forget(entry.uid.value ?? "");
    this.hooks.changed();
    return false;
  }

  private async takeBack(entry: Entry, wish: "cancel" | "restart"): Promise<boolean> {
    if (entry.address !== null) {
      try {
        await terminateUpload(entry.address);
      } catch (fault) {
        if (!(fault instanceof ApiError)) throw fault;
        if (!fault.passes) return this.fail(entry, { kind: "refused", message: fault.message });
        entry.trouble.value = { kind: "retry", attempt: 1, seconds: 2 };
        await this.change(entry, 2000);
        return true;
      }
      await forget(entry.uid.value ?? "");
      entry.address = null;
    }
    entry.trouble.value = null;
    entry.sent.value = 0;
    this.hooks.changed();
    if (entry.wish.value === "cancel" && wish === "cancel") {
      entry.phase.value = "cancelled";
      return false;
    }
    if (entry.wish.value === "restart") entry.wish.value = "run";
    entry.uid.value = null;
    entry.createKey = randomKey();
    return true;
  }

  private fail(entry: Entry, trouble: Trouble): boolean {
    entry.trouble.value = trouble;
    entry.phase.value = "failed";
    return false;
  }

  private keep(entry: Entry): Promise<void> {
    return remember({
      uid: entry.uid.value ?? "",
      fingerprint: entry.print ?? "",
      name: entry.name,
      size: entry.size,
      lastModified: entry.file.lastModified,
      paused: entry.wish.value === "pause",
      blob: entry.size <= kKeepWhole ? entry.file : null,
      handle: entry.handle,
      saved_at: Date.now(),
    });
  }
}

/** Uppy comes after the page is drawn: it is most of the page's script. null when it could not be had just now. */
export async function loadCarrier(): Promise<typeof import("../../lib/carrier") | null> {
  try {
    return await import("../../lib/carrier");
  } catch {
    return null;
  }
}
