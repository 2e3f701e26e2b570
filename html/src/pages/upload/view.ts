// SPDX-License-Identifier: MIT
// What a row of the upload page says: from the server's item where the file is there whole, from the sender before that.
import { bytes, fraction, progressLine, timeLeft } from "../../lib/format";
import type { Upload } from "../../lib/types";
import type { Tone } from "../../parts/chip";
import { t } from "../../texts/en";
import type { Phase, Trouble, Wish } from "./sender";

export type Action =
  | "pause"
  | "resume"
  | "cancel"
  | "restart"
  | "retry"
  | "choose"
  | "delete"
  | "open"
  | "rejects"
  | "look"
  | "job-pause"
  | "job-resume"
  | "job-cancel"
  | "job-retry";

export interface View {
  word: string;
  tone: Tone;
  /** undefined: no bar; null: a bar without an end. */
  part?: number | null;
  still?: boolean;
  line?: string;
  fault?: string;
  actions: Action[];
}

export interface Local {
  phase: Phase;
  wish: Wish;
  sent: number;
  size: number;
  rate: number;
  secondsLeft: number | null;
  trouble: Trouble | null;
}

export function localView(local: Local): View {
  const { phase, wish, sent, size, trouble } = local;
  const part = size === 0 ? 1 : sent / size;
  const left = local.secondsLeft === null ? null : timeLeft(local.secondsLeft);
  const line = t.upload.line(sent, size, part, phase === "sending" ? local.rate : 0, phase === "sending" ? left : null);
  if (phase === "cancelled") return { word: t.upload.cancelled, tone: "idle", actions: ["restart"] };
  if (phase === "failed") {
    const fault =
      trouble?.kind === "gone"
        ? t.upload.gone
        : trouble?.kind === "unreadable"
          ? t.upload.unreadable
          : (trouble?.message ?? t.upload.failed);
    const actions: Action[] = trouble?.kind === "gone" ? ["restart", "cancel"] : ["retry", "restart", "cancel"];
    return { word: t.upload.failed, tone: "bad", fault, actions };
  }
  if (wish === "cancel") return { word: t.upload.cancelling, tone: "busy", actions: [] };
  if (phase === "elsewhere") return { word: t.upload.elsewhere, tone: "busy", line, actions: ["retry"] };
  if (phase === "paused") {
    return { word: t.upload.paused, tone: "idle", part, still: true, line, actions: ["resume", "cancel", "restart"] };
  }
  if (wish === "pause") {
    return { word: t.upload.pausing, tone: "busy", part, still: true, line, actions: ["resume", "cancel"] };
  }
  const told =
    trouble?.kind === "disk"
      ? t.upload.diskFull(sent)
      : trouble?.kind === "retry"
        ? t.upload.retryIn(trouble.seconds ?? 0, trouble.attempt ?? 1)
        : undefined;
  const base = { part, line: told ?? line, actions: ["pause", "cancel", "restart"] as Action[] };
  if (phase === "sending") return { word: t.upload.uploading, tone: told ? "warn" : "busy", ...base };
  const word = phase === "reading" ? t.upload.reading : t.upload.waiting;
  return {
    ...base,
    word,
    tone: told ? "warn" : "idle",
    line: told ?? bytes(size),
    still: true,
    actions: ["pause", "cancel"],
  };
}

const kChecking = new Set(["assemble", "detect", "review", ""]);

/** A file that is on the server: interrupted, or whole and being made a dataset. */
export function itemView(item: Upload, moving: boolean): View {
  if (item.state === "open") {
    const part = item.length ? item.offset / item.length : undefined;
    if (moving) {
      return { word: t.upload.uploading, tone: "busy", part: part ?? null, line: t.upload.moving, actions: ["delete"] };
    }
    const line = t.upload.interruptedText(item.offset, item.length);
    return { word: t.upload.interrupted, tone: "warn", part, still: true, line, actions: ["choose", "delete"] };
  }
  const job = item.job;
  if (!job) return { word: t.upload.uploaded, tone: "ok", actions: ["look", "delete"] };
  const phase = job.progress.phase ?? "";
  const bar = { part: fraction(job.progress), line: progressLine(job) };
  const rejected = item.import?.rejected ?? 0;
  const open: Action[] = item.dataset ? ["open"] : [];
  switch (job.state) {
    case "succeeded":
      return {
        word: rejected ? `${t.upload.ready}, ${t.common.rejected(rejected)}` : t.upload.ready,
        tone: "ok",
        actions: [...open, ...(rejected && item.dataset ? (["rejects"] as Action[]) : []), "look"],
      };
    case "failed": {
      const fault = job.error?.detail || job.error?.code || t.upload.failed;
      return { word: t.upload.failed, tone: "bad", fault, actions: ["job-retry", "look", "delete"] };
    }
    case "cancelled":
      return { word: t.states.cancelled as string, tone: "idle", actions: ["job-retry", "look", "delete"] };
    case "paused":
      if (phase === "review") return { word: t.upload.review, tone: "warn", actions: ["look", "delete"] };
      return { word: t.upload.paused, tone: "idle", ...bar, still: true, actions: ["job-resume", "job-cancel"] };
    case "queued":
      return { word: t.upload.queued, tone: "idle", actions: ["job-pause", "job-cancel"] };
    case "pausing":
    case "cancelling":
      return { word: t.states[job.state] as string, tone: "busy", ...bar, still: true, actions: [] };
    default: {
      const word =
        job.state === "retrying"
          ? (t.states.retrying as string)
          : kChecking.has(phase)
            ? t.upload.checking
            : phase === "load"
              ? t.upload.loading
              : t.upload.finishing;
      const actions: Action[] = ["job-pause", "job-cancel"];
      return { word, tone: job.state === "retrying" ? "warn" : "busy", ...bar, actions };
    }
  }
}
