// SPDX-License-Identifier: MIT
// Steps 2 to 5 of one team file, at its own address: each can be left and come back to.
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, post } from "../../lib/api";
import { count } from "../../lib/format";
import { go } from "../../lib/route";
import { tell } from "../../lib/tell";
import type { TeamImport } from "../../lib/types";
import { StateChip } from "../../parts/chip";
import { ask } from "../../parts/dialog";
import { Fault, NotFound } from "../../parts/fault";
import { Icon } from "../../parts/icon";
import { JobProgress } from "../../parts/job_progress";
import { usePoll } from "../../parts/use_poll";
import { tCommon, tStates } from "../../texts/en/common";
import { tTeam } from "../../texts/en/team";
import { MatchColumns } from "./columns";
import {
  checkAgain,
  commit,
  isOver,
  type OnError,
  rememberedOnError,
  rememberOnError,
  type Step,
  stepOf,
  undo,
} from "./model";
import { TeamRows } from "./rows";

export function Steps({ at }: { at: Step }) {
  return (
    <ol class="steps">
      {tTeam.steps.map((name, index) => (
        <li key={name} class={index < at ? "done" : ""} aria-current={index === at ? "step" : undefined}>
          {name}
        </li>
      ))}
    </ol>
  );
}

function Tiles({ one, shown, show }: { one: TeamImport; shown: string; show: (status: string) => void }) {
  const { counts, teams_created } = one.team_import;
  const done = stepOf(one) === 4;
  const tiles: [string, number, string][] = [
    ["created", counts.created, done ? tTeam.createdDone : tTeam.created],
    ["updated", counts.updated, done ? tTeam.updatedDone : tTeam.updated],
    ["unchanged", counts.unchanged, tTeam.unchanged],
    ["error", counts.errors, tTeam.errors],
    ["", counts.total, tTeam.all],
  ];
  return (
    <ul class="tiles">
      {tiles.map(([status, value, text]) => (
        <li key={status}>
          <button
            type="button"
            class="tile"
            data-tile={status || "all"}
            aria-pressed={shown === status}
            onClick={() => show(status)}
          >
            <b>{count(value)}</b>
            <span>{text}</span>
            {status === "created" && teams_created ? <span>{tTeam.inTeams(teams_created)}</span> : null}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Columns({ one }: { one: TeamImport }) {
  const columns = one.team_import.columns;
  if (!columns) return null;
  const found = Object.entries(columns.mapped ?? {}).filter(([, from]) => from !== null);
  return (
    <p class="quiet small">
      {tTeam.mapped} {found.map(([field, from]) => (String(from) === field ? field : `${field} = ${from}`)).join(", ")}.{" "}
      {columns.ignored?.length ? tTeam.ignored(columns.ignored) : null}
    </p>
  );
}

function ReportAndNext({ one }: { one: TeamImport }) {
  return (
    <>
      <a class="button" href={`/team/${one.uid}/report`}>
        <Icon name="down" />
        {tTeam.report}
      </a>
      <a class="button" href="/team">
        {tTeam.another}
      </a>
    </>
  );
}

/** What the button of step 4 says: the number of members that come into being, or of changes. */
function createText(one: TeamImport): string {
  const { created, updated } = one.team_import.counts;
  return created > 0 ? tTeam.create(created) : tTeam.update(updated);
}

function ReviewStep({ one, again }: { one: TeamImport; again: () => void }) {
  const { counts } = one.team_import;
  const [shown, setShown] = useState(counts.errors > 0 ? "error" : "created");
  const [onError, setOnError] = useState<OnError>(rememberedOnError());
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const changes = counts.created + counts.updated;
  const blocked = counts.errors > 0 && onError === "abort";

  const create = async () => {
    setBusy(true);
    setFault(null);
    try {
      const uid = await commit(one.uid, onError);
      if (uid !== one.uid) go(`/team/${uid}`);
      again();
    } catch (caught) {
      setFault(caught);
    }
    setBusy(false);
  };
  const recheck = async () => {
    setFault(null);
    try {
      await checkAgain(one.uid);
    } catch (caught) {
      setFault(caught);
    }
    again();
  };
  const choose = (choice: OnError) => {
    setOnError(choice);
    rememberOnError(choice);
  };

  return (
    <>
      <section class="stack" aria-labelledby="review-title">
        <h2 id="review-title">{tTeam.reviewTitle}</h2>
        {one.team_import.commit_refused ? (
          <div class="notice warn" id="refused">
            <p>{tTeam.refused[one.team_import.commit_refused.code] ?? one.team_import.commit_refused.detail}</p>
          </div>
        ) : null}
        <Tiles one={one} shown={shown} show={setShown} />
        <Columns one={one} />
        <MatchColumns one={one} open={false} />
      </section>
      <section class="card" aria-label={tTeam.steps[3]}>
        {counts.errors > 0 ? (
          <fieldset class="stack tight">
            <legend>{tTeam.onError}</legend>
            {(["skip", "abort"] as const).map((choice) => (
              <label class="check" key={choice}>
                <input
                  type="radio"
                  name="on_error"
                  value={choice}
                  checked={onError === choice}
                  onChange={() => choose(choice)}
                />
                {tTeam[choice]}
              </label>
            ))}
          </fieldset>
        ) : null}
        {changes === 0 && counts.errors === 0 ? <p>{tTeam.nothing}</p> : null}
        {blocked ? <p class="quiet">{tTeam.blocked}</p> : null}
        <p class="line">
          {changes > 0 ? (
            <button type="button" class="primary" id="create" disabled={busy || blocked} onClick={() => void create()}>
              {createText(one)}
            </button>
          ) : null}
          <ReportAndNext one={one} />
        </p>
        <p class="hint">{tTeam.reportHint}</p>
        <Fault fault={fault} />
        {fault instanceof ApiError && fault.status === 412 ? (
          <p>
            <button type="button" onClick={() => void recheck()}>
              {tTeam.checkAgain}
            </button>
          </p>
        ) : null}
      </section>
      <div class="card flush">
        <TeamRows uid={one.uid} status={shown} />
      </div>
    </>
  );
}

/** The undo of an import is a job as any other, with a page of its own. */
function Undo({ one, again }: { one: TeamImport; again: () => void }) {
  const figure = (name: string) => Number(one.result?.[name] ?? 0);
  return (
    <>
      <h2>{tTeam.undoPage}</h2>
      {one.state === "failed" || one.state === "cancelled" ? (
        <Ended one={one} again={again} />
      ) : one.state === "succeeded" ? (
        <div class="notice ok" id="undo-done">
          <p>{tTeam.undoDone(figure("memberships_removed"), figure("teams_removed"), figure("restored"))}</p>
        </div>
      ) : (
        <Working one={one} again={again} />
      )}
      <p>
        <a href={`/team/${one.team_import.undo_of}`}>{tTeam.undoFirst}</a>
      </p>
    </>
  );
}

function ResultStep({ one }: { one: TeamImport }) {
  const [fault, setFault] = useState<unknown>(null);
  const takeBack = async () => {
    const members = one.team_import.counts.created;
    if (!(await ask(tTeam.undoTitle, tTeam.undoText(members), tTeam.undoDo, tTeam.keep))) return;
    setFault(null);
    try {
      go(`/team/${await undo(one.uid)}`);
    } catch (caught) {
      setFault(caught);
    }
  };
  const { counts, teams_created } = one.team_import;
  const [shown, setShown] = useState(counts.errors > 0 ? "error" : "");
  return (
    <>
      <section class="stack" aria-labelledby="result-title">
        <h2 id="result-title">{tTeam.resultTitle}</h2>
        {one.team_import.undone ? (
          <div class="notice warn" id="undone">
            <p>{tTeam.undone}</p>
          </div>
        ) : null}
        <div class="notice ok" id="result">
          <p>
            {tTeam.doneText(counts.created, counts.updated, counts.unchanged, counts.errors)}
            {teams_created ? ` ${tTeam.inTeams(teams_created)}.` : ""}
          </p>
        </div>
        <Tiles one={one} shown={shown} show={setShown} />
        <p class="line">
          <a class="button primary" href="/team/groups">
            {tTeam.groups}
          </a>
          <ReportAndNext one={one} />
          {one.team_import.undone ? null : (
            <button type="button" id="undo" onClick={() => void takeBack()}>
              <Icon name="again" />
              {tTeam.undo}
            </button>
          )}
        </p>
        <Fault fault={fault} />
      </section>
      <div class="card flush">
        <TeamRows uid={one.uid} status={shown} />
      </div>
    </>
  );
}

function Working({ one, again }: { one: TeamImport; again: () => void }) {
  const [fault, setFault] = useState<unknown>(null);
  const creating = stepOf(one) === 3;
  const control = async (action: string) => {
    setFault(null);
    try {
      await post(`/jobs/${one.uid}/${action}`);
    } catch (caught) {
      setFault(caught);
    }
    again();
  };
  const active = one.state === "running" || one.state === "queued" || one.state === "retrying";
  return (
    <section class="card" aria-labelledby="work-title">
      <div class="line between">
        <h2 id="work-title">{creating ? tTeam.createTitle : tTeam.checkTitle}</h2>
        <StateChip state={one.state} />
      </div>
      <p class="quiet">{creating ? tTeam.createText : tTeam.checkText}</p>
      <JobProgress job={one} label={creating ? tTeam.createTitle : tTeam.checkTitle} />
      <p class="line">
        {active ? (
          <button type="button" onClick={() => void control("pause")}>
            <Icon name="pause" />
            {tCommon.pause}
          </button>
        ) : null}
        {one.state === "paused" ? (
          <button type="button" onClick={() => void control("resume")}>
            <Icon name="play" />
            {tCommon.resume}
          </button>
        ) : null}
        {active || one.state === "paused" ? (
          <button type="button" onClick={() => void control("cancel")}>
            <Icon name="cross" />
            {tCommon.cancel}
          </button>
        ) : null}
      </p>
      <Fault fault={fault} />
    </section>
  );
}

function Ended({ one, again }: { one: TeamImport; again: () => void }) {
  const [fault, setFault] = useState<unknown>(null);
  const retry = async () => {
    try {
      await post(`/jobs/${one.uid}/retry`);
    } catch (caught) {
      setFault(caught);
    }
    again();
  };
  return (
    <section class="card" aria-label={tStates[one.state]}>
      <p class="line">
        <StateChip state={one.state} />
      </p>
      {one.error ? <p class="fault">{one.error.detail || one.error.code}</p> : null}
      {one.error?.code === "team.missing_column" || one.error?.code === "team.unknown_column" ? (
        <MatchColumns one={one} open />
      ) : null}
      <p class="line">
        <button type="button" onClick={() => void retry()}>
          {tCommon.retry}
        </button>
        <a class="button" href="/team">
          {tTeam.another}
        </a>
      </p>
      <Fault fault={fault} />
    </section>
  );
}

export function One({ uid }: { uid: string }) {
  const one = usePoll<TeamImport>(`/team/${uid}`);
  const found = one.data.value;
  const step = found ? stepOf(found) : null;
  const state = found?.state;
  const before = useRef<Step | null>(null);
  useEffect(() => {
    const worked = before.current !== null && before.current !== step;
    before.current = step;
    const name = found?.team_import.filename ?? tTeam.title;
    if (state === "failed") tell(tTeam.toldFailed(name), "failed", `/team/${uid}`);
    else if (worked && (step === 2 || step === 4)) {
      tell(step === 2 ? tTeam.toldReview(name) : tTeam.toldResult(name), "done", `/team/${uid}`);
    }
  }, [step, state]);
  const fault = one.fault.value;
  if (fault && !fault.passes)
    return fault.status === 404 || fault.status === 410 ? <NotFound /> : <Fault fault={fault} />;
  if (!found || step === null) return <p class="quiet">{tCommon.loading}</p>;
  const again = () => one.now();
  return (
    <div class="stack" data-step={step} data-state={found.state}>
      {found.team_import.filename ? <p class="quiet wrap">{found.team_import.filename}</p> : null}
      {found.team_import.undo_of ? null : <Steps at={step} />}
      {found.team_import.undo_of ? (
        <Undo one={found} again={again} />
      ) : found.state === "failed" || found.state === "cancelled" ? (
        <Ended one={found} again={again} />
      ) : step === 2 ? (
        <ReviewStep key={`review-${uid}`} one={found} again={again} />
      ) : step === 4 && isOver(found) ? (
        <ResultStep key={`result-${uid}`} one={found} />
      ) : (
        <Working one={found} again={again} />
      )}
    </div>
  );
}
