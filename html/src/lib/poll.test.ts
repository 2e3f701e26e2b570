// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, ApiError, type Request } from "./api";
import { poll } from "./poll";

const kPlain = { etag: null, retryAfterSeconds: null, location: null };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server that gives these answers one after the other, and remembers what it was asked. */
function script(answers: (Partial<Answer<unknown>> | ApiError)[]) {
  const asked: Request[] = [];
  const send = async (_method: string, _path: string, request: Request = {}) => {
    asked.push(request);
    const next = answers[Math.min(asked.length, answers.length) - 1];
    if (next instanceof ApiError) throw next;
    return { status: 200, data: null, ...kPlain, ...next };
  };
  return { asked, send: send as never };
}

describe("poll", () => {
  it("asks with the last ETag and keeps the data on 304", async () => {
    const { asked, send } = script([{ data: 1, etag: '"a"' }, { status: 304 }]);
    const one = poll<number>("/x", { send });
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.map((request) => request.etag)).toEqual([null, '"a"']);
    expect(one.data.value).toBe(1);
    one.stop();
  });
  it("ends when the data says so, and when it is stopped", async () => {
    const { asked, send } = script([{ data: 1 }, { data: 2 }, { data: 3 }]);
    const one = poll<number>("/x", { send, done: (value) => value === 2 });
    await vi.advanceTimersByTimeAsync(60000);
    expect(asked.length).toBe(2);
    one.stop();
  });
  it("goes on after what passes, and not after a lasting refusal", async () => {
    const down = new ApiError(503, "x", "x", "", null, 5);
    const { asked, send } = script([down, { data: 1 }, new ApiError(404, "x", "x", "", null, null)]);
    const one = poll<number>("/x", { send });
    await vi.advanceTimersByTimeAsync(4000);
    expect(one.fault.value?.status).toBe(503);
    expect(asked.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(one.fault.value).toBeNull();
    await vi.advanceTimersByTimeAsync(60000);
    expect(one.fault.value?.status).toBe(404);
    expect(one.data.value).toBe(1);
    expect(asked.length).toBe(3);
    one.stop();
  });
  it("asks at once when told to", async () => {
    const { asked, send } = script([{ data: 1 }, { status: 304 }]);
    const one = poll<number>("/x", { send });
    await vi.advanceTimersByTimeAsync(30000);
    const before = asked.length;
    one.now();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.length).toBe(before + 1);
    one.stop();
  });
});
