// SPDX-License-Identifier: MIT
// Knows a file again when it is chosen once more: SHA-256 of its size, its first and its last MiB.
import { sha256 } from "./sha256";

const kMiB = 1 << 20;

export async function fingerprint(file: Blob): Promise<string> {
  const size = new TextEncoder().encode(`${file.size}\n`);
  const first = new Uint8Array(await file.slice(0, kMiB).arrayBuffer());
  const last = new Uint8Array(await file.slice(Math.max(0, file.size - kMiB)).arrayBuffer());
  const all = new Uint8Array(size.length + first.length + last.length);
  all.set(size);
  all.set(first, size.length);
  all.set(last, size.length + first.length);
  return sha256(all);
}
