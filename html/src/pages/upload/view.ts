// SPDX-License-Identifier: MIT
// What a row of the upload page says: from the server's item where the file is there whole, from the sender before that.
import { bytes, fraction, progressLine, timeLeft } from "../../lib/format";
import type { Upload } from "../../lib/types";
import type { Tone } from "../../parts/chip";
import { tCommon, tStates } from "../../texts/en/common";
import { tUpload } from "../../texts/en/upload";
import type { Phase, Trouble, Wish } from "./entry";

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
  const line = tUpload.line(sent, size, part, phase === "sending" ? local.rate : 0, phase === "sending" ? left : null);
  if (phase === "cancelled") return { word: tUpload.cancelled, tone: "idle", actions: ["restart"] };
  if (phase === "failed") {
    const fault =
      trouble?.kind === "gone"
        ? tUpload.gone
        : trouble?.kind === "unreadable"
          ? tUpload.unreadable
          : (trouble?.message ?? tUpload.failed);
    const actions: Action[] = trouble?.kind === "gone" ? ["restart", "cancel"] : ["retry", "restart", "cancel"];
    return { word: tUpload.failed, tone: "bad", fault, actions };
  }
  if (wish === "cancel") return { word: tUpload.cancelling, tone: "busy", actions: [] };
  if (phase === "elsewhere") return { word: tUpload.elsewhere, tone: "busy", line: bytes(size), actions: [] };
  if (phase === "paused") {
    return { word: tUpload.paused, tone: "idle", part, still: true, line, actions: ["resume", "cancel", "restart"] };
  }
  if (wish === "pause") {
    return { word: tUpload.pausing, tone: "busy", part, still: true, line, actions: ["resume", "cancel"] };
  }
  const told =
    trouble?.kind === "disk"
      ? tUpload.diskFull(sent)
      : trouble?.kind === "retry"
        ? tUpload.retryIn(trouble.seconds ?? 0, trouble.attempt ?? 1)
        : undefined;
  const base = { part, line: told ?? line, actions: ["pause", "cancel", "restart"] as Action[] };
  if (phase === "sending") return { word: tUpload.uploading, tone: told ? "warn" : "busy", ...base };
  const word = phase === "reading" ? tUpload.reading : tUpload.waiting;
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
      return { word: tUpload.uploading, tone: "busy", part: part ?? null, line: tUpload.moving, actions: ["delete"] };
    }
    const line = tUpload.interruptedText(item.offset, item.length);
    return { word: tUpload.interrupted, tone: "warn", part, still: true, line, actions: ["choose", "delete"] };
  }
  const job = item.job;
  if (!job) return { word: tUpload.uploaded, tone: "ok", actions: ["look", "delete"] };
  const phase = job.progress.phase ?? "";
  const bar = { part: fraction(job.progress), line: progressLine(job) };
  const rejected = item.import?.rejected ?? 0;
  const open: Action[] = item.dataset ? ["open"] : [];
  switch (job.state) {
    case "succeeded":
      return {
        word: rejected ? `${tUpload.ready}, ${tCommon.rejected(rejected)}` : tUpload.ready,
        tone: "ok",
        actions: [...open, ...(rejected && item.dataset ? (["rejects"] as Action[]) : []), "look"],
      };
    case "failed": {
      const fault = job.error?.detail || job.error?.code || tUpload.failed;
      return { word: tUpload.failed, tone: "bad", fault, actions: ["job-retry", "look", "delete"] };
    }
    case "cancelled":
      return { word: tStates.cancelled as string, tone: "idle", actions: ["job-retry", "look", "delete"] };
    case "paused":
      if (phase === "review") return { word: tUpload.review, tone: "warn", actions: ["look", "delete"] };
      return { word: tUpload.paused, tone: "idle", ...bar, still: true, actions: ["job-resume", "job-cancel"] };
    case "queued":
      return { word: tUpload.queued, tone: "idle", actions: ["job-pause", "job-cancel"] };
    case "pausing":
    case "cancelling":
      return { word: tStates[job.state] as string, tone: "busy", ...bar, still: true, actions: [] };
    default: {
      const word =
        job.state === "retrying"
          ? (tStates.retrying as string)
          : kChecking.has(phase)
            ? tUpload.checking
            : phase === "load"
              ? tUpload.loading
              : tUpload.finishing;
      const actions: Action[] = ["job-pause", "job-cancel"];
      return { word, tone: job.state === "retrying" ? "warn" : "busy", ...bar, actions };
    }
  }
}
