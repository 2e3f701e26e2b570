// SPDX-License-Identifier: MIT
// The one place that repeats a request: ETag, Retry-After, slower while nothing changes and in a hidden tab.
import { type Signal, signal } from "@preact/signals";
import { type Answer, ApiError, send } from "./api";

const kSteps = [1000, 2000, 5000, 10000];
const kHidden = 30000;

/** How long to wait: `quiet` answers in a row without a change, what the server asked for, whether anybody looks. */
export function nextDelay(quiet: number, retryAfterSeconds: number | null, hidden: boolean): number {
  const step = kSteps[Math.min(quiet, kSteps.length - 1)] as number;
  const asked = retryAfterSeconds === null ? step : Math.max(retryAfterSeconds * 1000, kSteps[0] as number);
  return hidden ? Math.max(kHidden, asked) : asked;
}

export interface Poll<T> {
  data: Signal<T | null>;
  /** The fault of the last try, null after a good one. */
  fault: Signal<ApiError | null>;
  /** Asks again at once, for example after a wish was sent. */
  now(): void;
  stop(): void;
}

export interface PollOptions<T> {
  /** Ends the repeating, for example once a job is over. */
  done?: (data: T) => boolean;
  send?: typeof send;
}

/** Repeats GET of `path` until stopped. */
export function poll<T>(path: string, options: PollOptions<T> = {}): Poll<T> {
  const ask = options.send ?? send;
  const data = signal<T | null>(null);
  const fault = signal<ApiError | null>(null);
  let etag: string | null = null;
  let quiet = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let again = false;
  let stopped = false;

  const later = (ms: number) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(round, ms);
  };

  async function round(): Promise<void> {
    if (stopped) return;
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    let wait = kSteps[0] as number;
    let over = false;
    try {
      const answer: Answer<T> = await ask<T>("GET", path, { etag });
      if (stopped) return;
      if (answer.status === 304) {
        quiet += 1;
      } else {
        quiet = 0;
        etag = answer.etag;
        data.value = answer.data;
        over = answer.data !== null && (options.done?.(answer.data) ?? false);
      }
      fault.value = null;
      wait = nextDelay(quiet, answer.retryAfterSeconds, document.hidden);
    } catch (caught) {
      if (stopped) return;
      if (!(caught instanceof ApiError)) throw caught;
      fault.value = caught;
      quiet += 1;
      // A lasting refusal (404, 410) is asked again only on demand.
      over = !caught.passes;
      wait = nextDelay(quiet, caught.retryAfterSeconds, document.hidden);
    } finally {
      asking = false;
    }
    if (again) {
      again = false;
      later(0);
    } else if (!over) {
      later(wait);
    }
  }

  const shown = () => {
    if (!document.hidden) now();
  };
  const now = () => {
    quiet = 0;
    if (asking) again = true;
    else later(0);
  };
  document.addEventListener("visibilitychange", shown);
  void round();
  return {
    data,
    fault,
    now,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", shown);
    },
  };
}

/** For what has no ETag: does `work` now and again `ms` after it has ended, slower in a hidden tab, until stopped. */
export function every(ms: number, work: () => Promise<void>): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const round = async () => {
    await work();
    if (!stopped) timer = setTimeout(() => void round(), document.hidden ? Math.max(ms, kHidden) : ms);
  };
  void round();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
