// SPDX-License-Identifier: MIT
// Exports on the server: starting, wishes, and starting one again with the same settings.
import { signal } from "@preact/signals";
import { get, post, remove, send } from "../../lib/api";
import type { Dataset, Export, ExportRequest, Page } from "../../lib/types";

export const fault = signal<unknown>(null);

/** Starts an export and returns its uid. */
export async function start(request: ExportRequest): Promise<string> {
  const answer = await post<{ uid: string }>("/export", request);
  return answer.data?.uid ?? "";
}

export interface Estimate {
  rows: number;
  rows_exact: boolean;
  bytes: number;
}

/** How much an export would be; null where nobody can say. Starts nothing. */
export async function estimate(request: ExportRequest): Promise<Estimate | null> {
  try {
    return (await send<Estimate>("POST", "/export/estimate", { json: request })).data;
  } catch {
    return null; // only a help: a refusal is told when the export is started
  }
}

const kMostPages = 20;

/** All datasets, the newest first: a select must not leave any out. */
export async function allDatasets(): Promise<Dataset[]> {
  const found: Dataset[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < kMostPages && (page === 0 || cursor); page += 1) {
    const answer: Page<Dataset> = await get(
      `/datasets?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
    );
    found.push(...answer.items);
    cursor = answer.next;
  }
  return found;
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
