// SPDX-License-Identifier: MIT
// SHA-256 (FIPS 180-4). crypto.subtle is there on https and localhost only; on plain http in an intranet this is it.

const kRound = new Uint32Array(64);
const kStart = new Uint32Array(8);

/** The constants are the fractional parts of roots of the first primes; BigInt keeps the cube roots exact. */
function constants(): void {
  const root = (value: bigint, power: bigint): bigint => {
    let low = 0n;
    let high = 1n << 48n;
    while (low < high) {
      const middle = (low + high + 1n) / 2n;
      if (middle ** power <= value) low = middle;
      else high = middle - 1n;
    }
    return low;
  };
  let found = 0;
  for (let candidate = 2; found < 64; candidate += 1) {
    let prime = true;
    for (let d = 2; d * d <= candidate; d += 1) if (candidate % d === 0) prime = false;
    if (!prime) continue;
    const big = BigInt(candidate);
    if (found < 8) kStart[found] = Number(root(big << 64n, 2n) & 0xffffffffn);
    kRound[found] = Number(root(big << 96n, 3n) & 0xffffffffn);
    found += 1;
  }
}

function sum(data: Uint8Array): Uint8Array {
  if (kRound[0] === 0) constants();
  const size = ((data.length + 72) >> 6) << 6;
  const padded = new Uint8Array(size);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(size - 8, Math.floor(data.length / 0x20000000));
  view.setUint32(size - 4, (data.length << 3) >>> 0);
  const h = kStart.slice();
  const w = new Uint32Array(64);
  const at = (array: Uint32Array, index: number) => array[index] as number;
  const turn = (x: number, n: number) => (x >>> n) | (x << (32 - n));
  for (let block = 0; block < size; block += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(block + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const a = at(w, i - 15);
      const b = at(w, i - 2);
      const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
      const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
      w[i] = at(w, i - 16) + s0 + at(w, i - 7) + s1;
    }
    const v = h.slice();
    for (let i = 0; i < 64; i += 1) {
      const e = at(v, 4);
      const a = at(v, 0);
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const choice = (e & at(v, 5)) ^ (~e & at(v, 6));
      const t1 = at(v, 7) + s1 + choice + at(kRound, i) + at(w, i);
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const majority = (a & at(v, 1)) ^ (a & at(v, 2)) ^ (at(v, 1) & at(v, 2));
      v.copyWithin(1, 0, 7);
      v[4] = at(v, 4) + t1;
      v[0] = t1 + s0 + majority;
    }
    for (let i = 0; i < 8; i += 1) h[i] = at(h, i) + at(v, i);
  }
  const result = new Uint8Array(32);
  h.forEach((word, index) => {
    new DataView(result.buffer).setUint32(index * 4, word);
  });
  return result;
}

export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The hash in hexadecimal digits. */
export async function sha256(data: Uint8Array<ArrayBuffer>): Promise<string> {
  if (globalThis.crypto?.subtle) return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
  return hex(sum(data));
}

export const sha256WithoutCrypto = (data: Uint8Array): string => hex(sum(data));
