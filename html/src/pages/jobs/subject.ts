// SPDX-License-Identifier: MIT
// What a job is about, by a name that people know: its file, its dataset, its range of dates.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../lib/api";
import { bytes, counted } from "../../lib/format";
import type { Export, Job, TeamImport, Upload } from "../../lib/types";
import { tCommon, tKinds } from "../../texts/en/common";
import { tExport } from "../../texts/en/export";
import { tJobs } from "../../texts/en/jobs";

/** From the job alone: "Import sales.csv", or "Import 018f2a3b" of a file without a name. */
export function nameOf(job: Job): string {
  return `${tKinds[job.kind] ?? job.kind} ${job.about ?? job.uid.slice(0, 8)}`;
}

/** What came of it, in figures. */
export function resultOf(job: Job): string | null {
  if (job.state !== "succeeded" || !job.result) return null;
  const figure = (name: string) => (typeof job.result?.[name] === "number" ? (job.result[name] as number) : null);
  const [loaded, rejected, rows, size] = ["loaded", "rejected", "rows", "bytes"].map(figure);
  const parts = [
    loaded == null ? null : counted(loaded, "row"),
    rejected ? tCommon.rejected(rejected) : null,
    rows == null ? null : counted(rows, "row"),
    rows == null || size == null ? null : bytes(size),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(" · ") : null;
}

async function subjectOf(job: Job): Promise<string | null> {
  if (job.about && job.kind !== "export") return tJobs.about(tKinds[job.kind] ?? job.kind, job.about);
  if (job.kind === "export") {
    const one = await get<Export>(`/export/${job.uid}`);
    return tJobs.about(tKinds.export as string, `${one.dataset.name}, ${tExport.range(one.from, one.to)}`);
  }
  if (job.kind === "team") {
    const name = (await get<TeamImport>(`/team/${job.uid}`)).team_import.filename;
    return name ? tJobs.about(tKinds.team as string, name) : null;
  }
  const upload = job.links?.upload;
  const name = upload ? (await get<Upload>(upload)).filename : null;
  return name ? tJobs.about(tKinds[job.kind] ?? job.kind, name) : null;
}

/** Asked for once, from the thing that the job belongs to; until then, or where that is gone, the job's own name. */
export function useSubject(job: Job | null): string {
  const [subject, setSubject] = useState<string | null>(null);
  useEffect(() => {
    if (job) subjectOf(job).then(setSubject, () => setSubject(null));
  }, [job?.uid]);
  return subject ?? (job ? nameOf(job) : "");
}
