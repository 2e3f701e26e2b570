// SPDX-License-Identifier: MIT
// The one place that repeats a request: ETag, Retry-After, slower while nothing changes and in a hidden tab.
import { type Signal, signal } from "@preact/signals";
import { type Answer, ApiError, send } from "./api";
import { type Share, share, type Told } from "./share";

const kSteps = [1000, 2000, 5000, 10000];
const kHidden = 30000;
/** It is asked again anyway. */
const kPatienceMs = 20_000;

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
  /** When the next try is due (ms since the epoch), wherever it is made. */
  nextAt: Signal<number>;
  /** Asks again at once, for example after a wish was sent. */
  now(): void;
  stop(): void;
}

export interface PollOptions<T> {
  /** Ends the repeating, for example once a job is over. */
  done?: (data: T) => boolean;
  send?: typeof send;
}

/**
 * Repeats GET of `path` until stopped. Of several tabs with the same address one asks, and tells the others; only the
 * first answer each fetches itself, so that a page is drawn at once.
 */
export function poll<T>(path: string, options: PollOptions<T> = {}): Poll<T> {
  const ask = options.send ?? send;
  const data = signal<T | null>(null);
  const fault = signal<ApiError | null>(null);
  const nextAt = signal(0);
  let etag: string | null = null;
  let quiet = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let again = false;
  let stopped = false;
  let drawn = false;
  let wanted = false;

  const later = (ms: number) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(round, ms);
  };

  const heard = (told: Told) => {
    if (told.kind === "free") {
      if (drawn && !document.hidden) later(0);
    } else if (!asking && drawn) {
      // A fault of the tab that asks is no better than our own answer would be.
      fault.value = told.kind === "fault" ? apiErrorFrom(told.fault) : null;
      nextAt.value = told.nextAt ?? 0;
      if (told.data !== undefined) {
        data.value = told.data as T;
        etag = told.etag ?? null;
      }
    }
  };
  const others: Share | null = share(path, heard);

  async function round(): Promise<void> {
    if (stopped) return;
    if (asking) {
      again = true;
      return;
    }
    const turn = others?.turn() ?? 0;
    if (turn > 0 && drawn && !wanted) {
      later(turn);
      return;
    }
    wanted = false;
    asking = true;
    let wait = kSteps[0] as number;
    let over = false;
    const told: Omit<Told, "path"> = { kind: "answer" };
    try {
      const answer: Answer<T> = await ask<T>("GET", path, { etag, patienceMs: kPatienceMs });
      if (stopped) return;
      if (answer.status === 304) {
        quiet += 1;
      } else {
        quiet = 0;
        etag = answer.etag;
        data.value = answer.data;
        over = answer.data !== null && (options.done?.(answer.data) ?? false);
        Object.assign(told, { data: answer.data, etag });
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
      Object.assign(told, { kind: "fault", fault: { ...caught, message: caught.message } });
    } finally {
      asking = false;
    }
    drawn = true;
    if (over && !again) {
      others?.leave();
      return;
    }
    nextAt.value = Date.now() + (again ? 0 : wait);
    if (others?.turn() === 0) others.renew(nextAt.peek());
    others?.tell({ ...told, nextAt: nextAt.peek() });
    later(again ? 0 : wait);
    again = false;
  }

  /** This tab asks itself, whoever's turn it is: a wish was sent from here, and somebody waits for its effect. */
  function now(): void {
    quiet = 0;
    wanted = true;
    if (asking) again = true;
    else later(0);
  }
  const shown = () => {
    if (!document.hidden) now();
  };
  document.addEventListener("visibilitychange", shown);
  window.addEventListener("online", now);
  void round();
  return {
    data,
    fault,
    nextAt,
    now,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", shown);
      window.removeEventListener("online", now);
      others?.stop();
    },
  };
}

function apiErrorFrom(told: unknown): ApiError {
  const one = told as ApiError;
  return new ApiError(one.status, one.code, one.title, one.detail, one.requestId, one.retryAfterSeconds, one.errors);
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
