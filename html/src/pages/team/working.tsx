// SPDX-License-Identifier: MIT
// While the server is at it (steps 2 and 4), and when that has failed or was cancelled.
import { useState } from "preact/hooks";
import { post } from "../../lib/api";
import type { TeamImport } from "../../lib/types";
import { StateChip } from "../../parts/chip";
import { Fault } from "../../parts/fault";
import { Icon } from "../../parts/icon";
import { JobProgress } from "../../parts/job_progress";
import { tCommon, tStates } from "../../texts/en/common";
import { tTeam } from "../../texts/en/team";
import { MatchColumns } from "./columns";
import { stepOf } from "./model";

export function Working({ one, again }: { one: TeamImport; again: () => void }) {
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

export function Ended({ one, again }: { one: TeamImport; again: () => void }) {
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
