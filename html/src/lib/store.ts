// SPDX-License-Identifier: MIT
// What the browser remembers of uploads under way (IndexedDB): enough to go on after a reload or a crash. The server's
// list is the truth; a lost record only means choosing the file again.

export interface Remembered {
  uid: string;
  fingerprint: string;
  name: string;
  size: number;
  lastModified: number;
  paused: boolean;
  /** Small files are kept whole; of large ones the browser's handle, where it gives one. */
  blob: Blob | null;
  handle: FileSystemFileHandle | null;
  saved_at: number;
}

export const kKeepWhole = 10 * 1024 * 1024;
const kKeepInAll = 300 * 1024 * 1024;
const kStore = "uploads";

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("sluice", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(kStore, { keyPath: "uid" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** Runs `work`; a browser that forbids IndexedDB (private windows) remembers nothing, and all else works. */
async function quietly<T>(work: (db: IDBDatabase) => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work(await open());
  } catch {
    return otherwise;
  }
}

/** Resolves once the record is on disk: called before the first byte is sent. */
export async function remember(record: Remembered): Promise<void> {
  const kept = await all();
  const whole = kept.reduce((total, one) => total + (one.blob?.size ?? 0), 0);
  const blob =
    record.blob && record.blob.size <= kKeepWhole && whole + record.blob.size <= kKeepInAll ? record.blob : null;
  await quietly(async (db) => {
    const transaction = db.transaction(kStore, "readwrite", { durability: "strict" });
    transaction.objectStore(kStore).put({ ...record, blob });
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }, undefined);
}

export async function setPaused(uid: string, paused: boolean): Promise<void> {
  await quietly(async (db) => {
    const store = db.transaction(kStore, "readwrite").objectStore(kStore);
    const record = (await asked(store.get(uid))) as Remembered | undefined;
    if (record) await asked(store.put({ ...record, paused }));
  }, undefined);
}

export async function forget(uid: string): Promise<void> {
  await quietly(async (db) => {
    await asked(db.transaction(kStore, "readwrite").objectStore(kStore).delete(uid));
  }, undefined);
}

export async function all(): Promise<Remembered[]> {
  return quietly(async (db) => (await asked(db.transaction(kStore).objectStore(kStore).getAll())) as Remembered[], []);
}
