// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./api";
import type { Poll } from "./poll";

/** Delivers at once to the other tabs' channels, as the browser's own does a little later. */
class Channel {
  static all = new Set<Channel>();
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    Channel.all.add(this);
  }
  postMessage(data: unknown): void {
    for (const one of Channel.all) if (one !== this) one.onmessage?.({ data: structuredClone(data) });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  Channel.all.clear();
  const kept = new Map<string, string>();
  vi.stubGlobal("BroadcastChannel", Channel);
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A tab with modules of its own, that counts what it asks. */
async function tab(answer: () => unknown) {
  vi.resetModules();
  const { poll } = await import("./poll");
  const { ApiError: Fault } = await import("./api");
  const asked: number[] = [];
  const send = async () => {
    asked.push(Date.now());
    const data = answer();
    if (data instanceof ApiError) throw new Fault(data.status, data.code, data.title, data.detail, null, null);
    return { status: 200, data, etag: `"${String(data)}"`, retryAfterSeconds: 2, location: null };
  };
  const one: Poll<number> = poll<number>("/x", { send: send as never });
  await vi.advanceTimersByTimeAsync(0);
  return { one, asked };
}

describe("two tabs with one address", () => {
  it("ask once for both, and hand over when one closes", async () => {
    let value = 1;
    const answer = () => value;
    const first = await tab(answer);
    const second = await tab(answer);
    value = 2;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(second.asked.length).toBe(1);
    expect(second.one.data.value).toBe(2);
    expect(first.asked.length).toBeGreaterThan(8);
    first.one.stop();
    value = 3;
    await vi.advanceTimersByTimeAsync(0);
    expect(second.one.data.value).toBe(3);
    second.one.stop();
  });

  it("outlive a tab that was killed: its lease runs out", async () => {
    const first = await tab(() => 1);
    const second = await tab(() => 2);
    const channels = [...Channel.all];
    // Neither its messages nor its requests come any more, and it said no word.
    Channel.all.delete(channels[0] as Channel);
    first.one.stop = () => {};
    vi.clearAllTimers();
    second.one.now();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(second.asked.length).toBeGreaterThan(5);
    second.one.stop();
  });

  it("hear of a fault from the one that asks", async () => {
    let value: unknown = 1;
    const first = await tab(() => value);
    const second = await tab(() => value);
    value = new ApiError(503, "x", "busy", "", null, null);
    await vi.advanceTimersByTimeAsync(4000);
    expect(second.asked.length).toBe(1);
    expect(second.one.fault.value?.status).toBe(503);
    expect(second.one.fault.value?.passes).toBe(true);
    first.one.stop();
    second.one.stop();
  });
});
