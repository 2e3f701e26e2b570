// SPDX-License-Identifier: MIT
// Carries the bytes of one file to an upload that exists already: Uppy and its tus plugin, without any of its looks.
//
// Uppy is told two things only: "carry this file" and "drop it". Creating, pausing, cancelling and the queue are the
// sender's: Uppy's own pause and removal do not hold while it is still on its way to the first request (its handlers
// then find no request to stop), so `drop` waits for that request.
import Uppy from "@uppy/core";
import Tus from "@uppy/tus";
import { PieceSize } from "./piece_size";

const kMostPieceBytes = (matchMedia("(pointer: coarse)").matches ? 4 : 8) << 20;
/** About two hours of tries; progress starts the count anew. */
const kRetryDelays = [500, 1000, 2000, 5000, 5000, 10000, ...Array.from({ length: 480 }, () => 15000)];
/** Codes that pass by themselves; any other 4xx is a lasting refusal. */
const kPassing4xx = new Set([408, 409, 423, 429]);
/** No answer, or that of a proxy for which the piece took too long. */
const kCuts = new Set([null, 408, 502, 504]);
const kLookMs = 1000;
const kAnswerMs = 20_000;

export interface Carried {
  /** Goes back to what the server has when a piece is lost, and when the carriage is dropped. */
  progress(sentBytes: number): void;
  retrying(status: number | null, attempt: number, delayMs: number): void;
  done(): void;
  /** `status` is null when there was no answer. */
  failed(status: number | null, message: string): void;
}

export interface Carriage {
  /** Stops sending; what the server has stays there. Resolves when nothing more is sent. */
  drop(): Promise<void>;
}

interface TusRequest {
  getMethod(): string;
}

interface TusFault extends Error {
  originalRequest?: TusRequest | null;
  originalResponse?: { getStatus(): number } | null;
}

interface Uploader {
  start(): void;
  abort(): Promise<void>;
  url: string | null;
  options: { chunkSize: number };
}

const uppy = new Uppy({ autoProceed: false, debug: false, logger: { debug() {}, warn() {}, error() {} } });
uppy.use(Tus, {
  limit: 1000,
  retryDelays: kRetryDelays,
  storeFingerprintForResuming: false,
  allowedMetaFields: [],
});

/** The plugin's table of running tus uploads. */
function uploaders(): Record<string, Uploader | null> {
  return (uppy.getPlugin("Tus") as unknown as { uploaders: Record<string, Uploader | null> }).uploaders;
}

/** By key: what the line has shown is not forgotten by a pause. */
const pieces = new Map<string, PieceSize>();

export function carry(file: Blob, name: string, address: string, key: string, on: Carried): Carriage {
  let over = false;
  let begin: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const piece = pieces.get(key) ?? new PieceSize(file.size, kMostPieceBytes);
  pieces.set(key, piece);
  let kept: number | null = null;
  let requestedAt = 0;
  let movedAt = 0;
  /** The method of the request under way. */
  let asking: string | null = null;

  const id = uppy.addFile({ name, type: "text/csv", data: file, meta: { relativePath: key } } as never);
  const leave = () => {
    over = true;
    begin();
    clearInterval(watch);
    if (!uppy.getFile(id)) return;
    const uploader = uploaders()[id];
    // Without its address Uppy does not send a DELETE of its own: the sender does that, and waits for the answer.
    if (uploader) uploader.url = null;
    uppy.removeFile(id);
  };

  const cutNext = () => {
    const uploader = uploaders()[id];
    if (uploader) uploader.options.chunkSize = piece.bytes;
  };
  const goBack = () => {
    if (!over && kept !== null) on.progress(kept);
  };
  const lose = () => {
    piece.lost();
    cutNext();
    goBack();
  };
  // A connection that went silent without being closed would be waited for as long as the system does, for ever perhaps.
  const watch = setInterval(() => {
    const uploader = uploaders()[id];
    if (over || asking === null || !uploader) return;
    if (performance.now() - movedAt < (asking === "PATCH" ? piece.patienceMs : kAnswerMs)) return;
    if (asking === "PATCH") lose();
    asking = null;
    on.retrying(null, 1, 0);
    void uploader.abort().then(() => {
      if (!over) uploader.start();
    });
  }, kLookMs);

  uppy.setFileState(id, {
    tus: {
      uploadUrl: address,
      chunkSize: piece.bytes,
      onBeforeRequest: (request: TusRequest) => {
        begin();
        asking = request.getMethod();
        requestedAt = movedAt = performance.now();
      },
      onAfterResponse: (_: TusRequest, answer: { getHeader(name: string): string | undefined }) => {
        asking = null;
        kept = Number(answer.getHeader("Upload-Offset") ?? kept ?? Number.NaN);
        if (Number.isNaN(kept)) kept = null;
      },
      onChunkComplete: (bytes: number) => {
        piece.carried(bytes, performance.now() - requestedAt);
        cutNext();
      },
      onProgress: (sent: number) => {
        movedAt = performance.now();
        if (!over) on.progress(sent);
      },
      onShouldRetry: (fault: TusFault, attempt: number) => {
        const status = fault.originalResponse?.getStatus() || null;
        if (status !== null && status >= 400 && status < 500 && !kPassing4xx.has(status)) return false;
        asking = null;
        if (kCuts.has(status) && fault.originalRequest?.getMethod() === "PATCH") lose();
        if (!over) on.retrying(status, attempt + 1, kRetryDelays[attempt] ?? 15000);
        return true;
      },
      onSuccess: () => {
        if (over) return;
        // Uppy is in the middle of telling its own listeners; it is left alone until it has done so.
        queueMicrotask(() => {
          leave();
          pieces.delete(key);
          on.done();
        });
      },
      onError: (fault: TusFault) => {
        if (over) return;
        const status = fault.originalResponse?.getStatus() || null;
        queueMicrotask(() => {
          leave();
          on.failed(status, fault.message);
        });
      },
    },
  } as never);
  uppy.upload().catch(() => {
    // Each fault has been told by onError.
  });

  return {
    async drop() {
      goBack();
      over = true;
      await begun;
      leave();
    },
  };
}
