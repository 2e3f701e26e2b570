// SPDX-License-Identifier: MIT
// All jobs, with filters kept in the address, and wishes for many at once.
import { useEffect, useState } from "preact/hooks";
import { post } from "../../lib/api";
import { actionsOf, type JobAction } from "../../lib/control";
import { counted, duration } from "../../lib/format";
import { query, setQuery } from "../../lib/route";
import type { Job } from "../../lib/types";
import { StateChip } from "../../parts/chip";
import { ask } from "../../parts/dialog";
import { Fault } from "../../parts/fault";
import { type Option, Select } from "../../parts/fields";
import { JobProgress } from "../../parts/job_progress";
import { More, rowsClass, Still, usePages } from "../../parts/pages";
import { Time } from "../../parts/time";
import { useTellEnds } from "../../parts/use_ends";
import { tCommon, tKinds, tStates } from "../../texts/en/common";
import { tJobs } from "../../texts/en/jobs";
import { nameOf, resultOf } from "./subject";

const kStates = ["running", "queued", "paused", "succeeded", "failed", "cancelled"];
const kKinds = ["import", "export", "team"];

function address(kind: string, state: string, dataset: string): string {
  const asked = new URLSearchParams();
  if (kind) asked.set("kind", kind);
  if (state) asked.set("state", state);
  if (dataset) asked.set("dataset", dataset);
  return asked.size > 0 ? `/jobs?${asked}` : "/jobs";
}

export function took(job: Job): string | null {
  // What rests until somebody has looked takes no time of its own.
  if (!job.started_at || job.state === "paused") return null;
  const end = job.finished_at ? new Date(job.finished_at).getTime() : Date.now();
  return duration(end - new Date(job.started_at).getTime());
}

function Filter({ name, label, values }: { name: string; label: string; values: Option[] }) {
  return (
    <Select
      id={name}
      label={label}
      value={query.value.get(name) ?? ""}
      options={[["", tJobs.every], ...values]}
      set={(value) => setQuery(name, value)}
    />
  );
}

interface ManyProps {
  jobs: Job[];
  chosen: Set<string>;
  done: () => void;
  failed: (fault: unknown) => void;
}

/** The same wish to each chosen job that can be told it. */
function Many({ jobs, chosen, done, failed }: ManyProps) {
  const able = (action: JobAction) =>
    jobs.filter((job) => chosen.has(job.uid) && actionsOf(job.state).includes(action));
  const act = async (action: JobAction) => {
    const those = able(action);
    if (those.length === 0) return;
    if (action === "cancel") {
      const title = tJobs.cancelMany(those.length);
      if (!(await ask(title, tJobs.cancelText, tJobs.cancel, tCommon.keepRunning))) return;
    }
    failed(null);
    for (const job of those) await post(`/jobs/${job.uid}/${action}`).catch(failed);
    done();
  };
  return (
    <div class="line small-buttons">
      <span class="quiet small">{tJobs.chosen(chosen.size)}</span>
      {(chosen.size === 0 ? [] : (["pause", "resume", "cancel", "retry"] as JobAction[])).map((action) => (
        <button
          key={action}
          type="button"
          data-many={action}
          aria-disabled={able(action).length === 0}
          onClick={() => void act(action)}
        >
          {tCommon[action]}
        </button>
      ))}
    </div>
  );
}

function Line({ job, chosen, choose }: { job: Job; chosen: boolean; choose: (on: boolean) => void }) {
  return (
    <li class="row" data-uid={job.uid} data-state={job.state}>
      <div class="row-name">
        <input
          type="checkbox"
          aria-label={tJobs.choose(nameOf(job), job.uid.slice(0, 8))}
          checked={chosen}
          onChange={(event) => choose(event.currentTarget.checked)}
        />
        <a href={`/jobs/${job.uid}`}>{nameOf(job)}</a>
        <StateChip state={job.state} phase={job.progress.phase} />
        {job.attempt > 1 ? <span class="hint">{tJobs.attempt(job.attempt)}</span> : null}
      </div>
      <p class="hint">
        {resultOf(job) ? `${resultOf(job)} · ` : null}
        <Time at={job.created_at} />
        {took(job) ? ` · ${tJobs.took} ${took(job)}` : null}
      </p>
      {job.error && job.state === "failed" ? (
        <p class="row-rest fault">{job.error.detail || job.error.code}</p>
      ) : (
        <div class="row-rest">
          <JobProgress job={job} label={nameOf(job)} />
        </div>
      )}
    </li>
  );
}

export function List() {
  const kind = query.value.get("kind") ?? "";
  const state = query.value.get("state") ?? "";
  const dataset = query.value.get("dataset") ?? "";
  const where = address(kind, state, dataset);
  const list = usePages<Job>(where);
  const jobs = list.items;
  const [chosen, setChosen] = useState(new Set<string>());
  const [fault, setFault] = useState<unknown>(null);
  useEffect(() => setChosen(new Set()), [where]);
  useTellEnds(
    jobs.map((job) => ({
      uid: job.uid,
      state: job.state,
      name: nameOf(job),
      href: `/jobs/${job.uid}`,
    })),
  );
  // Of the choice as it is then: a row that has not changed keeps the function it was drawn with.
  const choose = (uid: string, on: boolean) =>
    setChosen((before) => {
      const now = new Set(before);
      if (on) now.add(uid);
      else now.delete(uid);
      return now;
    });
  return (
    <>
      <div class="fields narrow">
        <Filter name="kind" label={tJobs.kind} values={kKinds.map((one) => [one, tKinds[one] ?? one])} />
        <Filter name="state" label={tJobs.state} values={kStates.map((one) => [one, tStates[one] ?? one])} />
      </div>
      {dataset ? (
        <p class="line" id="of-dataset">
          <a href={`/datasets/${dataset}`}>{tJobs.ofDataset}</a>
          <button type="button" class="plain" onClick={() => setQuery("dataset", "")}>
            {tJobs.ofAll}
          </button>
        </p>
      ) : null}
      <Fault fault={fault ?? list.fault} />
      <section class="card flush" aria-label={tJobs.title}>
        <div class="bar sticky">
          <span class="quiet">{list.ready ? counted(jobs.length, "job") : tCommon.loading}</span>
          <Many jobs={jobs} chosen={chosen} done={list.again} failed={setFault} />
        </div>
        {jobs.length > 0 ? (
          <ul class={rowsClass(jobs.length)} id="jobs">
            {jobs.map((job) => (
              <Still key={job.uid} of={[job, chosen.has(job.uid)]}>
                {() => <Line job={job} chosen={chosen.has(job.uid)} choose={(on) => choose(job.uid, on)} />}
              </Still>
            ))}
          </ul>
        ) : list.ready ? (
          <p class="empty">{tJobs.empty}</p>
        ) : null}
        <More next={list.next} more={list.more} />
      </section>
    </>
  );
}
