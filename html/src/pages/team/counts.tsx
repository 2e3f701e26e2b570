// SPDX-License-Identifier: MIT
// What review and result have in common: the figures, each of which shows its rows, and the way on.
import { count } from "../../lib/format";
import type { TeamImport } from "../../lib/types";
import { Icon } from "../../parts/icon";
import { tTeam } from "../../texts/en/team";
import { stepOf } from "./model";

export function Tiles({ one, shown, show }: { one: TeamImport; shown: string; show: (status: string) => void }) {
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

export function ReportAndNext({ one }: { one: TeamImport }) {
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
