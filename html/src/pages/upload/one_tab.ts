// SPDX-License-Identifier: MIT
// One tab sends an upload, and the others of this browser know.
/** Resolves when no other tab sends the upload any more, or when `stop` does. */
export async function freed(name: string, stop: Promise<void>): Promise<void> {
  const abort = new AbortController();
  void stop.then(() => abort.abort());
  await navigator.locks.request(`sluice-upload-${name}`, { signal: abort.signal }, () => {}).catch(() => {});
}

/** One tab sends an upload; without Web Locks (plain http) the server's offsets keep two from doing harm. */
export async function exclusively<T>(name: string, work: (mine: boolean) => Promise<T>): Promise<T> {
  if (!navigator.locks) return work(true);
  return navigator.locks.request(`sluice-upload-${name}`, { ifAvailable: true }, (lock) =>
    work(lock !== null),
  ) as Promise<T>;
}
