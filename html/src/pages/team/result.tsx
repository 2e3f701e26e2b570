// SPDX-License-Identifier: MIT
// Step 5: what was created; and taking it back, which is a job of its own.
import { useState } from "preact/hooks";
import { go } from "../../lib/route";
import type { TeamImport } from "../../lib/types";
import { ask } from "../../parts/dialog";
import { Fault } from "../../parts/fault";
import { Icon } from "../../parts/icon";
import { tTeam } from "../../texts/en/team";
import { ReportAndNext, Tiles } from "./counts";
import { undo } from "./model";
import { TeamRows } from "./rows";
import { Ended, Working } from "./working";

export function ResultStep({ one }: { one: TeamImport }) {
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

/** The undo of an import is a job as any other, with a page of its own. */
export function Undo({ one, again }: { one: TeamImport; again: () => void }) {
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
