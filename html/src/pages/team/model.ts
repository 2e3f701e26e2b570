// SPDX-License-Identifier: MIT
// Asking the server about team files.
import { ApiError, createUpload, get, post, postCsv, randomKey } from "../../lib/api";
import { fingerprint } from "../../lib/fingerprint";
import { uidOf } from "../../lib/route";
import type { Page, TeamImport, Upload } from "../../lib/types";

export type OnError = "skip" | "abort";

const kRemembered = "sluice.team.on_error";

export function rememberedOnError(): OnError {
  return localStorage.getItem(kRemembered) === "abort" ? "abort" : "skip";
}

export function rememberOnError(choice: OnError): void {
  localStorage.setItem(kRemembered, choice);
}

export const kFields = ["team", "name", "email", "role"] as const;
export type Field = (typeof kFields)[number];

/** Longer files go up by tus first, so that a cut loses little of them. (A POST of /team takes 16 MiB.) */
const kMostInBody = 256 * 1024;

/** Checks a file; nothing is written. Returns the uid of the check. `progress`: bytes of a longer file that are there. */
export async function check(file: File, progress: (sent: number) => void = () => {}): Promise<string> {
  const address = `/team?dry_run=1&on_error=${rememberedOnError()}`;
  const answer =
    file.size <= kMostInBody
      ? await postCsv<{ uid: string }>(address, file, file.name)
      : await post<{ uid: string }>(address, { upload: await carryUp(file, progress) });
  return answer.data?.uid ?? "";
}

/** Checks a file that is there already again, with these columns; an empty name leaves one out. */
export async function checkWithColumns(upload: string, columns: Record<Field, string>): Promise<string> {
  const answer = await post<{ uid: string }>(`/team?dry_run=1&on_error=${rememberedOnError()}`, { upload, columns });
  return answer.data?.uid ?? "";
}

/** Takes back what an import has created. Returns the uid of the undo, a job of its own. */
export async function undo(uid: string): Promise<string> {
  const answer = await post<{ uid: string }>(`/team/${uid}/undo`);
  return answer.data?.uid ?? "";
}

/** Sends a long file, or the rest of it when it was begun before. Returns the uid of the upload. */
async function carryUp(file: File, progress: (sent: number) => void): Promise<string> {
  const print = await fingerprint(file);
  const known = await get<Page<Upload>>(`/upload?fingerprint=${print}&limit=10`);
  const begun = known.items.find((one) => one.state === "open" && one.purpose === "team" && one.length === file.size);
  const metadata = { filename: file.name, filetype: "text/csv", purpose: "team", fingerprint: print };
  const address = begun ? `/upload/${begun.uid}` : await createUpload(file.size, metadata, randomKey());
  const { carry } = await import("../../lib/carrier");
  await new Promise<void>((resolve, reject) => {
    carry(file, file.name, address, print, {
      progress,
      retrying: () => {},
      done: resolve,
      failed: (status, message) => reject(new ApiError(status ?? 0, "upload.failed", message, "", null, null)),
    });
  });
  return uidOf(address) ?? "";
}

/** Creates what a check found. Returns the uid to follow, which may be the same. */
export async function commit(uid: string, onError: OnError): Promise<string> {
  const answer = await post<TeamImport>(`/team/${uid}/commit?on_error=${onError}`);
  return answer.data?.uid ?? uid;
}

export type Step = 0 | 1 | 2 | 3 | 4;

const kOver = new Set(["succeeded", "failed", "cancelled"]);

export function isOver(one: TeamImport): boolean {
  return kOver.has(one.state);
}

/** Checked and resting until somebody says "create". */
export function isInReview(one: TeamImport): boolean {
  const { checked, committed, dry_run } = one.team_import;
  return one.state === "paused" && checked && dry_run && !committed;
}

/** Which of the five steps (file, check, review, create, result) an import of teams is at. */
export function stepOf(one: TeamImport): Step {
  const { checked, committed } = one.team_import;
  if (committed) return 4;
  if (isInReview(one)) return 2;
  return checked ? 3 : 1;
}

/** The teams have changed since the check: it is made again, from the same file. */
export async function checkAgain(uid: string): Promise<void> {
  await post(`/jobs/${uid}/resume`);
}

/** The template that the page hands out. */
export const kTemplate =
  "team,name,email,role\nBlue,Ada Lovelace,ada@example.org,admin\nBlue,Alan Turing,alan@example.org,member\n";
