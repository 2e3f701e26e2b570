// SPDX-License-Identifier: MIT
// The upload page's data: the server's list, this page's sender, and what joins the two.
import { computed, signal } from "@preact/signals";
import { announce } from "../../lib/announce";
import { get, post, terminateUpload } from "../../lib/api";
import { fingerprint } from "../../lib/fingerprint";
import { sameOrNew } from "../../lib/merge";
import { poll } from "../../lib/poll";
import { all as allRemembered, forget, type Remembered } from "../../lib/store";
import { tell } from "../../lib/tell";
import type { Page, Upload } from "../../lib/types";
import { tUpload } from "../../texts/en/upload";
import type { Entry } from "./entry";
import { Sender } from "./sender";

export interface RowData {
  key: string;
  entry: Entry | null;
  item: Upload | null;
}

export interface Options {
  dataset: string;
  append: boolean;
  auto: boolean;
  asText: boolean;
}

const kList = "/upload?limit=100";

export const list = poll<Page<Upload>>(kList);
export const older = signal<Upload[]>([]);
export const olderNext = signal<string | null | undefined>(undefined);
export const fault = signal<unknown>(null);
export const options = signal<Options>({ dataset: "", append: false, auto: true, asText: false });
/** Interrupted uploads whose file the browser can hand out again after one click, by uid. */
export const handles = signal<Map<string, Remembered>>(new Map());
/** A file chosen to go on with that is another one, by uid of the upload. */
export const mismatches = signal<Map<string, { file: File; text: string }>>(new Map());

export const sender = new Sender({
  async find(print, size, name) {
    const page = await get<Page<Upload>>(`/upload?fingerprint=${print}&limit=10`);
    const alike = page.items.filter((one) => one.fingerprint === print && one.length === size);
    // Another name means another dataset: only the same file goes on by itself.
    const open = alike.find((one) => one.state === "open" && one.filename === name);
    const whole = alike.find((one) => one.state === "complete" && one.dataset !== null);
    return {
      open: open ? { uid: open.uid, offset: open.offset } : null,
      before: whole?.dataset ? { uid: whole.dataset.uid, name: whole.dataset.name, at: whole.created_at } : null,
    };
  },
  changed: () => list.now(),
});

let shown = new Map<string, Upload>();

/** The page's own files first, in the order they were chosen, then the rest of the server's list. */
export const rows = computed<RowData[]>(() => {
  // Files of members belong to the page Team, and partial uploads to their final one.
  const listed = [...(list.data.value?.items ?? []), ...older.value].filter(
    (item) => item.purpose !== "team" && item.concat !== "partial",
  );
  const items = sameOrNew(shown, listed);
  const byUid = new Map(items.map((item) => [item.uid, item]));
  shown = byUid;
  const mine = sender.entries.value.map((entry) => {
    const uid = entry.uid.value;
    return { key: entry.key, entry, item: (uid && byUid.get(uid)) || null };
  });
  const taken = new Set(sender.entries.value.map((entry) => entry.uid.value));
  // An item of the newest page that was fetched with an older one too stands once.
  const rest = [...byUid.values()].filter((item) => !taken.has(item.uid));
  return [...mine, ...rest.map((item) => ({ key: item.uid, entry: null, item }))];
});

// --- Taking files in.

export interface Chosen {
  file: File;
  handle: FileSystemFileHandle | null;
}

function metadataFrom(chosen: Options): Record<string, string> {
  const metadata: Record<string, string> = { load: chosen.auto ? "auto" : "review" };
  if (chosen.dataset.trim()) metadata.dataset = chosen.dataset.trim();
  if (chosen.append) metadata.mode = "append";
  if (chosen.asText) metadata.types = "text";
  return metadata;
}

export function take(files: Chosen[]): void {
  if (files.length === 0) return;
  for (const { file, handle } of files) sender.add(file, metadataFrom(options.value), handle);
  announce(tUpload.announceStart(files.length));
}

/** Goes on with an interrupted upload, if this is the same file. */
export async function goOn(item: Upload, file: File, handle: FileSystemFileHandle | null): Promise<void> {
  const print = await fingerprint(file);
  const same = item.length === null || file.size === item.length;
  if (!same || (item.fingerprint !== null && item.fingerprint !== print)) {
    const text = tUpload.different(file.size, item.length ?? 0);
    mismatches.value = new Map(mismatches.value).set(item.uid, { file, text });
    return;
  }
  clearMismatch(item.uid);
  sender.add(file, {}, handle, { uid: item.uid, offset: item.offset }, print);
}

export function clearMismatch(uid: string): void {
  const next = new Map(mismatches.value);
  next.delete(uid);
  mismatches.value = next;
}

type AskedHandle = FileSystemFileHandle & {
  queryPermission?(mode: object): Promise<PermissionState>;
  requestPermission?(mode: object): Promise<PermissionState>;
};

/** After one click (the browser asks for leave to read the file again). Without leave the file is chosen again. */
export async function goOnWithHandle(item: Upload, kept: Remembered, ask = true): Promise<boolean> {
  const handle = kept.handle as AskedHandle;
  try {
    const leave = ask ? handle.requestPermission?.({ mode: "read" }) : handle.queryPermission?.({ mode: "read" });
    if ((await leave) === "granted") {
      await goOn(item, await handle.getFile(), handle);
      return true;
    }
  } catch {
    // Moved, renamed or deleted meanwhile.
  }
  if (!ask) return false;
  const rest = new Map(handles.value);
  rest.delete(item.uid);
  handles.value = rest;
  return false;
}

/** Once, when the list is first there: what this browser had under way before a reload goes on by itself. */
async function recover(): Promise<void> {
  const waiting = new Map<string, Remembered>();
  for (const kept of await allRemembered()) {
    const item =
      list.data.value?.items.find((one) => one.uid === kept.uid) ??
      (await get<Upload>(`/upload/${kept.uid}`).catch(() => null));
    if (item === null || item.state !== "open") {
      if (item !== null || list.fault.value === null) await forget(kept.uid);
      continue;
    }
    if (sender.entries.value.some((one) => one.uid.value === kept.uid)) continue;
    if (kept.blob) {
      const file = new File([kept.blob], kept.name, { lastModified: kept.lastModified, type: "text/csv" });
      sender.add(file, {}, null, { uid: kept.uid, offset: item.offset }, kept.fingerprint, kept.paused);
    } else if (kept.handle && !(await goOnWithHandle(item, kept, false))) {
      waiting.set(kept.uid, kept);
    }
  }
  handles.value = waiting;
}

let recovered = false;
list.data.subscribe((page) => {
  if (page === null || recovered) return;
  recovered = true;
  void recover();
});

// --- Wishes to the server.

async function guarded(work: () => Promise<unknown>): Promise<void> {
  fault.value = null;
  try {
    await work();
  } catch (caught) {
    fault.value = caught;
  }
  list.now();
}

export function controlJob(uid: string, action: "pause" | "resume" | "cancel" | "retry"): Promise<void> {
  return guarded(() => post(`/jobs/${uid}/${action}`));
}

export function deleteUpload(item: Upload): Promise<void> {
  return guarded(async () => {
    await terminateUpload(`/upload/${item.uid}`);
    await forget(item.uid);
    older.value = older.value.filter((one) => one.uid !== item.uid);
  });
}

export function showOlder(): Promise<void> {
  return guarded(async () => {
    const cursor = olderNext.value === undefined ? list.data.value?.next : olderNext.value;
    if (!cursor) return;
    const page = await get<Page<Upload>>(`${kList}&cursor=${encodeURIComponent(cursor)}`);
    older.value = [...older.value, ...page.items];
    olderNext.value = page.next;
  });
}

// --- Tells what has become of the files of this page.

const told = new Set<string>();
list.data.subscribe((page) => {
  for (const item of page?.items ?? []) {
    const entry = sender.entries.peek().find((one) => one.uid.peek() === item.uid);
    if (!entry || !item.job || told.has(item.uid)) continue;
    const { state, progress } = item.job;
    const address = `/upload/${item.uid}`;
    if (state === "succeeded")
      tell(tUpload.announceReady(entry.name), "done", item.dataset ? `/datasets/${item.dataset.uid}` : address);
    else if (state === "failed") tell(tUpload.announceFailed(entry.name), "failed", address);
    else if (state === "paused" && progress.phase === "review")
      tell(tUpload.announceReview(entry.name), "done", address);
    else continue;
    told.add(item.uid);
  }
});
