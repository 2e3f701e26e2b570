// SPDX-License-Identifier: MIT
// The one place that speaks HTTP to the server (Uppy's PATCH requests apart).
import { tCommon } from "../texts/en/common";

/** An answer that is no success, or no answer at all (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string | null,
    readonly retryAfterSeconds: number | null,
    readonly errors: { pointer: string; detail: string; code?: string }[] = [],
  ) {
    super(detail || title);
  }

  /** Passes by itself: no answer, or the server says it cannot just now. */
  get passes(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429;
  }
}

export interface Answer<T> {
  status: number;
  data: T | null;
  etag: string | null;
  retryAfterSeconds: number | null;
  location: string | null;
}

export interface Request {
  json?: unknown;
  body?: Blob;
  headers?: Record<string, string>;
  etag?: string | null;
  signal?: AbortSignal;
  /** So long the answer may take, and so long its body. */
  patienceMs?: number;
}

function seconds(value: string | null): number | null {
  if (value === null || !/^\d+$/.test(value)) return null;
  return Number(value);
}

/** A random key; crypto.randomUUID is there in secure contexts only. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function problem(response: Response): Promise<ApiError> {
  let body: Record<string, unknown> = {};
  try {
    body = (await response.json()) as Record<string, unknown>;
  } catch {
    // An answer without JSON: what the status says is all there is.
  }
  const text = (key: string) => (typeof body[key] === "string" ? (body[key] as string) : "");
  return new ApiError(
    response.status,
    text("code") || `http.${response.status}`,
    text("title") || tCommon.strangeAnswer(response.status),
    text("detail"),
    text("request_id") || response.headers.get("X-Request-Id"),
    seconds(response.headers.get("Retry-After")),
    Array.isArray(body.errors) ? (body.errors as ApiError["errors"]) : [],
  );
}

/** Longer than the server takes for anything; and for a body, some MB perhaps on a slow line, either way. */
const kAnswerMs = 70_000;
const kBodyMs = 300_000;

/**
 * Sends one request. 304 comes back as an answer without data; every other status from 300 on is an ApiError. A connection
 * that went silent is given up after some time, as one that was cut.
 */
export async function send<T>(method: string, path: string, request: Request = {}): Promise<Answer<T>> {
  // text/html must not be among what is accepted: on these addresses it asks for the page.
  const headers: Record<string, string> = { Accept: "application/json", ...request.headers };
  if (request.json !== undefined) headers["Content-Type"] = "application/json";
  if (request.etag) headers["If-None-Match"] = request.etag;
  const ending = new AbortController();
  const end = () => ending.abort();
  if (request.signal?.aborted) end();
  request.signal?.addEventListener("abort", end);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(end, request.patienceMs ?? ms);
  };
  wait(request.body ? kBodyMs : kAnswerMs);
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: request.json !== undefined ? JSON.stringify(request.json) : (request.body ?? null),
      signal: ending.signal,
    });
    wait(kBodyMs);
    const answer: Answer<T> = {
      status: response.status,
      data: null,
      etag: response.headers.get("ETag"),
      retryAfterSeconds: seconds(response.headers.get("Retry-After")),
      location: response.headers.get("Location"),
    };
    if (response.status === 304) return answer;
    if (!response.ok) throw await problem(response);
    const type = response.headers.get("Content-Type") ?? "";
    if (response.status !== 204 && type.includes("json")) answer.data = (await response.json()) as T;
    else await response.arrayBuffer();
    return answer;
  } catch (fault) {
    if (fault instanceof ApiError || request.signal?.aborted) throw fault;
    throw new ApiError(0, "net.unreachable", tCommon.unreachable, "", null, null);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", end);
  }
}

export async function get<T>(path: string): Promise<T> {
  return (await send<T>("GET", path)).data as T;
}

/** The text of a resource that is no JSON (metrics). */
export async function getText(path: string): Promise<string> {
  const response = await fetch(path, { headers: { Accept: "text/plain" }, signal: AbortSignal.timeout(kAnswerMs) });
  if (!response.ok) throw await problem(response);
  return response.text();
}

/** JSON whatever the status is: /readyz says with 503 what is wrong. */
export async function getAny<T>(path: string): Promise<{ status: number; data: T | null }> {
  const response = await fetch(path, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(kAnswerMs),
  });
  const data = await response.json().catch(() => null);
  return { status: response.status, data: data as T | null };
}

/** A POST that starts work; the key makes a repeated one harmless. */
export async function post<T>(path: string, json?: unknown): Promise<Answer<T>> {
  return send<T>("POST", path, { json, headers: { "Idempotency-Key": randomKey() } });
}

export async function remove(path: string): Promise<Answer<unknown>> {
  return send("DELETE", path);
}

/** A CSV as the body itself. */
export async function postCsv<T>(path: string, file: Blob, filename: string): Promise<Answer<T>> {
  const body = file.slice(0, file.size, "text/csv");
  return send<T>("POST", path, {
    body,
    headers: {
      "Content-Type": "text/csv",
      "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
      "Idempotency-Key": randomKey(),
    },
  });
}

// --- tus 1.0.0: creation and termination. The bytes are Uppy's business.

const kTus = { "Tus-Resumable": "1.0.0" };

export function uploadMetadata(values: Record<string, string>): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const bytes = new TextEncoder().encode(value);
    const raw = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    pairs.push(raw ? `${key} ${btoa(raw)}` : key);
  }
  return pairs.join(",");
}

/** Creates an upload and returns its address, e.g. "/upload/018f…". */
export async function createUpload(length: number, metadata: Record<string, string>, key: string): Promise<string> {
  const answer = await send("POST", "/upload", {
    headers: {
      ...kTus,
      "Upload-Length": String(length),
      "Upload-Metadata": uploadMetadata(metadata),
      "Idempotency-Key": key,
    },
  });
  if (answer.location === null) throw new ApiError(answer.status, "http.location", "No address", "", null, null);
  return new URL(answer.location, location.origin).pathname;
}

/** Ends an upload without a trace. Already gone is as good. */
export async function terminateUpload(path: string): Promise<void> {
  try {
    await send("DELETE", path, { headers: kTus });
  } catch (fault) {
    if (!(fault instanceof ApiError) || (fault.status !== 404 && fault.status !== 410)) throw fault;
  }
}
