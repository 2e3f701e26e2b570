// SPDX-License-Identifier: MIT
// Exports on the server: starting, wishes, and starting one again with the same settings.
import { signal } from "@preact/signals";
import { post, remove } from "../../lib/api";
import type { Export, ExportRequest } from "../../lib/types";

export const fault = signal<unknown>(null);

/** Starts an export and returns its uid. */
export async function start(request: ExportRequest): Promise<string> {
  const answer = await post<{ uid: string }>("/export", request);
  return answer.data?.uid ?? "";
}

/** The request that an export was made from. */
export function requestOf(one: Export): ExportRequest {
  const request: ExportRequest = {
    dataset: one.dataset.uid,
    values: one.values,
    header: one.header ?? "auto",
    compression: one.compression ?? "none",
    formulas: one.formulas ?? "escape",
  };
  if (one.from) request.from = one.from;
  if (one.to) request.to = one.to;
  if (one.date_column) request.date_column = one.date_column;
  if (one.columns?.length) request.columns = one.columns;
  if (one.delimiter && one.delimiter !== ",") request.delimiter = one.delimiter;
  return request;
}

export async function wish(one: Export, action: "pause" | "resume" | "retry" | "delete"): Promise<void> {
  fault.value = null;
  try {
    if (action === "delete") await remove(`/export/${one.uid}`);
    else await post(`/export/${one.uid}/${action}`);
  } catch (caught) {
    fault.value = caught;
  }
}

export function isExpired(one: Export, now = Date.now()): boolean {
  if (one.state !== "succeeded") return false;
  if (!one.file) return true;
  return one.file.expires_at !== null && new Date(one.file.expires_at).getTime() < now;
}
