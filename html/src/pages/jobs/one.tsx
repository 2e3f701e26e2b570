// SPDX-License-Identifier: MIT
// One job: how far it is, and everything that happened to it, in words for people who are no operators.
import { useEffect, useMemo, useState } from "preact/hooks";
import { clock, moment } from "../../lib/format";
import { poll } from "../../lib/poll";
import { nameTab } from "../../lib/tell";
import type { Job, JobEvent, Page } from "../../lib/types";
import { StateChip } from "../../parts/chip";
import { Fault } from "../../parts/fault";
import { JobButtons } from "../../parts/job_buttons";
import { JobProgress } from "../../parts/job_progress";
import { useTellEnds } from "../../parts/use_ends";
import { insteadOf, usePoll } from "../../parts/use_poll";
import { tKinds } from "../../texts/en/common";
import { tJobs } from "../../texts/en/jobs";
import { took } from "./list";
import { resultOf, useSubject } from "./subject";

function detailText(detail: unknown): string {
  if (detail === null || detail === undefined) return "";
  if (typeof detail === "string") return detail;
  if (typeof detail !== "object") return String(detail);
  return Object.entries(detail)
    .map(([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ");
}

function Timeline({ uid, state }: { uid: string; state: string }) {
  const events = useMemo(() => poll<Page<JobEvent>>(`/jobs/${uid}/events?limit=200`), [uid]);
  useEffect(() => () => events.stop(), [events]);
  useEffect(() => events.now(), [state]);
  const items = events.data.value?.items ?? [];
  return (
    <section class="card" aria-labelledby="history-title">
      <h2 id="history-title">{tJobs.history}</h2>
      <Fault fault={events.fault.value?.passes ? null : events.fault.value} />
      <ol class="timeline" id="events">
        {items.map((one, index) => {
          const at = one.created_at ?? one.at ?? "";
          return (
            <li key={one.id ?? index} data-event={one.event}>
              <time dateTime={at} title={at ? moment(at) : undefined}>
                {at ? clock(at) : ""}
              </time>
              <span>
                {tJobs.events[one.event] ?? one.event}
                {one.actor && one.actor !== "local" ? <span class="hint"> {one.actor}</span> : null}
                {detailText(one.detail) ? <span class="hint wrap event-detail">{detailText(one.detail)}</span> : null}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Where else to look: the thing that the job makes or reads. */
function Links({ job }: { job: Job }) {
  const own: Record<string, string> = { export: `/export/${job.uid}`, team: `/team/${job.uid}` };
  const links = new Set<string>();
  if (own[job.kind]) links.add(own[job.kind] as string);
  for (const [name, href] of Object.entries(job.links ?? {})) {
    if (name !== "self" && /^\/(upload|datasets|export|team)\/[0-9a-f-]{36}$/.test(href)) links.add(href);
  }
  if (links.size === 0) return null;
  return (
    <>
      {[...links].map((href) => (
        <a key={href} class="button" href={href}>
          {tJobs.linked[href.split("/")[1] as string] ?? href}
        </a>
      ))}
    </>
  );
}

export function One({ uid }: { uid: string }) {
  const one = usePoll<Job>(`/jobs/${uid}`);
  const [fault, setFault] = useState<unknown>(null);
  const job = one.data.value;
  const instead = insteadOf(one, tJobs.title);
  const name = useSubject(job);
  useTellEnds(job ? [{ uid, state: job.state, name, href: `/jobs/${uid}` }] : []);
  useEffect(() => {
    if (name) nameTab(name);
  }, [name]);
  if (instead || !job) return instead;
  const kind = tKinds[job.kind] ?? job.kind;
  return (
    <>
      <p class="crumbs">
        <a href="/jobs">{tJobs.title}</a>
      </p>
      <h1>{name}</h1>
      <section class="card" aria-label={tJobs.state} data-state={job.state}>
        <div class="line between">
          <StateChip state={job.state} phase={job.progress.phase} />
          <span class="line small-buttons">
            <Links job={job} />
            <JobButtons job={job} name={kind} done={() => one.now()} failed={setFault} />
          </span>
        </div>
        <JobProgress job={job} label={kind} />
        {job.error ? (
          <p class="fault">
            {job.error.detail || job.error.code} <code>{job.error.detail ? job.error.code : ""}</code>
          </p>
        ) : null}
        <dl class="facts">
          <dt>{tJobs.queuedAt}</dt>
          <dd>{moment(job.created_at)}</dd>
          {job.started_at ? (
            <>
              <dt>{tJobs.startedAt}</dt>
              <dd>{moment(job.started_at)}</dd>
            </>
          ) : null}
          {took(job) ? (
            <>
              <dt>{tJobs.tookLabel}</dt>
              <dd>{took(job)}</dd>
            </>
          ) : null}
          {resultOf(job) ? (
            <>
              <dt>{tJobs.result}</dt>
              <dd>{resultOf(job)}</dd>
            </>
          ) : null}
          <dt>{tJobs.uid}</dt>
          <dd class="mono">{job.uid}</dd>
        </dl>
        <Fault fault={fault} />
      </section>
      <Timeline uid={uid} state={job.state} />
    </>
  );
}
