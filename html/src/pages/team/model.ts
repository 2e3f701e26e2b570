// SPDX-License-Identifier: MIT
// Asking the server about team files.
import { post, postCsv } from "../../lib/api";
import type { TeamImport } from "../../lib/types";

export type OnError = "skip" | "abort";

const kRemembered = "sluice.team.on_error";

export function rememberedOnError(): OnError {
  return localStorage.getItem(kRemembered) === "abort" ? "abort" : "skip";
}

export function rememberOnError(choice: OnError): void {
  localStorage.setItem(kRemembered, choice);
}

/** Checks a file; nothing is written. Returns the uid of the check. */
export async function check(file: Blob, filename: string): Promise<string> {
  const answer = await postCsv<{ uid: string }>(`/team?dry_run=1&on_error=${rememberedOnError()}`, file, filename);
  return answer.data?.uid ?? "";
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
  return one.state === "paused" && one.team_import.checked && !one.team_import.committed;
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
