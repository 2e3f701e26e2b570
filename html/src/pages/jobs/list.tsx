// SPDX-License-Identifier: MIT
// All jobs, with filters kept in the address, and wishes for many at once.
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../../lib/api";
import { actionsOf, type JobAction } from "../../lib/control";
import { counted, duration } from "../../lib/format";
import { query, setQuery } from "../../lib/route";
import type { Job, Page } from "../../lib/types";
import { StateChip } from "../../parts/chip";
import { ask } from "../../parts/dialog";
import { Fault } from "../../parts/fault";
import { JobProgress } from "../../parts/job_progress";
import { Time } from "../../parts/time";
import { useTellEnds } from "../../parts/use_ends";
import { usePoll } from "../../parts/use_poll";
import { tCommon, tKinds, tStates } from "../../texts/en/common";
import { tJobs } from "../../texts/en/jobs";

const kStates = ["running", "queued", "paused", "succeeded", "failed", "cancelled"];
const kKinds = ["import", "export", "team"];

function address(kind: string, state: string): string {
  const asked = new URLSearchParams({ limit: "50" });
  if (kind) asked.set("kind", kind);
  if (state) asked.set("state", state);
  return `/jobs?${asked}`;
}

export function took(job: Job): string | null {
  if (!job.started_at) return null;
  const end = job.finished_at ? new Date(job.finished_at).getTime() : Date.now();
  return duration(end - new Date(job.started_at).getTime());
}

function Filter({ name, label, values }: { name: string; label: string; values: [string, string][] }) {
  return (
    <div class="field filter">
      <label for={name}>{label}</label>
      <select
        id={name}
        value={query.value.get(name) ?? ""}
        onChange={(event) => setQuery(name, event.currentTarget.value)}
      >
        <option value="">{tJobs.every}</option>
        {values.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
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
      {(["pause", "resume", "cancel", "retry"] as JobAction[]).map((action) => (
        <button
          key={action}
          type="button"
          data-many={action}
          disabled={able(action).length === 0}
          onClick={() => void act(action)}
        >
          {tCommon[action]}
        </button>
      ))}
    </div>
  );
}

function Line({ job, chosen, choose }: { job: Job; chosen: boolean; choose: (on: boolean) => void }) {
  const kind = tKinds[job.kind] ?? job.kind;
  return (
    <li class="row" data-uid={job.uid} data-state={job.state}>
      <div class="row-name">
        <input
          type="checkbox"
          aria-label={tJobs.choose(kind, job.uid.slice(0, 8))}
          checked={chosen}
          onChange={(event) => choose(event.currentTarget.checked)}
        />
        <a href={`/jobs/${job.uid}`}>
          {kind} <span class="mono">{job.uid.slice(0, 8)}</span>
        </a>
        <StateChip state={job.state} />
        {job.attempt > 1 ? <span class="hint">{tJobs.attempt(job.attempt)}</span> : null}
      </div>
      <p class="hint">
        <Time at={job.created_at} />
        {took(job) ? ` · ${tJobs.took} ${took(job)}` : null}
      </p>
      {job.error && job.state === "failed" ? (
        <p class="row-rest fault">{job.error.detail || job.error.code}</p>
      ) : (
        <div class="row-rest">
          <JobProgress job={job} label={`${kind} ${job.uid.slice(0, 8)}`} />
        </div>
      )}
    </li>
  );
}

export function List() {
  const kind = query.value.get("kind") ?? "";
  const state = query.value.get("state") ?? "";
  const where = address(kind, state);
  const list = usePoll<Page<Job>>(where);
  const [older, setOlder] = useState<Page<Job>>({ items: [], next: null });
  const [chosen, setChosen] = useState(new Set<string>());
  const [fault, setFault] = useState<unknown>(null);
  useEffect(() => {
    setOlder({ items: [], next: null });
    setChosen(new Set());
  }, [list]);
  const first = list.data.value;
  const fresh = new Set(first?.items.map((job) => job.uid));
  const jobs = [...(first?.items ?? []), ...older.items.filter((job) => !fresh.has(job.uid))];
  const next = older.items.length > 0 ? older.next : (first?.next ?? null);
  const more = async () => {
    try {
      const page = await get<Page<Job>>(`${where}&cursor=${encodeURIComponent(next ?? "")}`);
      setOlder({ items: [...older.items, ...page.items], next: page.next });
    } catch (caught) {
      setFault(caught);
    }
  };
  useTellEnds(
    (first?.items ?? []).map((job) => ({
      uid: job.uid,
      state: job.state,
      name: `${tKinds[job.kind] ?? job.kind} ${job.uid.slice(0, 8)}`,
      href: `/jobs/${job.uid}`,
    })),
  );
  const choose = (uid: string, on: boolean) => {
    const now = new Set(chosen);
    if (on) now.add(uid);
    else now.delete(uid);
    setChosen(now);
  };
  const refused = list.fault.value;
  return (
    <>
      <div class="line">
        <Filter name="kind" label={tJobs.kind} values={kKinds.map((one) => [one, tKinds[one] ?? one])} />
        <Filter name="state" label={tJobs.state} values={kStates.map((one) => [one, tStates[one] ?? one])} />
      </div>
      <Fault fault={fault ?? (refused?.passes ? null : refused)} />
      <section class="card flush" aria-label={tJobs.title}>
        <div class="bar sticky">
          <span class="quiet">{first ? counted(jobs.length, "job") : tCommon.loading}</span>
          <Many jobs={jobs} chosen={chosen} done={() => list.now()} failed={setFault} />
        </div>
        {jobs.length > 0 ? (
          <ul class="rows" id="jobs">
            {jobs.map((job) => (
              <Line key={job.uid} job={job} chosen={chosen.has(job.uid)} choose={(on) => choose(job.uid, on)} />
            ))}
          </ul>
        ) : first ? (
          <p class="empty">{tJobs.empty}</p>
        ) : null}
        {next ? (
          <p class="more">
            <button type="button" onClick={() => void more()}>
              {tCommon.more}
            </button>
          </p>
        ) : null}
      </section>
    </>
  );
}
