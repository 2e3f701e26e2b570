// SPDX-License-Identifier: MIT
// The rows of a team file with what becomes of each, a page at a time.
import { count } from "../../lib/format";
import type { TeamRow } from "../../lib/types";
import { Chip, type Tone } from "../../parts/chip";
import { Fault } from "../../parts/fault";
import { More, useFetched } from "../../parts/pages";
import { tCommon } from "../../texts/en/common";
import { tTeam } from "../../texts/en/team";

const kTones: Record<string, Tone> = { created: "ok", updated: "busy", unchanged: "idle", error: "bad", errors: "bad" };

function Faults({ row }: { row: TeamRow }) {
  return (
    <>
      {row.errors.map((one) => (
        <p key={`${one.field}-${one.code}`} class="row-fault">
          {one.field ? <strong>{one.field}: </strong> : null}
          {one.message}
          {one.hint ? <span class="hint"> {one.hint}</span> : null}
        </p>
      ))}
    </>
  );
}

export function TeamRows({ uid, status }: { uid: string; status: string }) {
  const {
    items: rows,
    first,
    next,
    more,
    fault,
  } = useFetched<TeamRow>(`/team/${uid}/rows?limit=100${status ? `&status=${status}` : ""}`);
  if (fault) return <Fault fault={fault} />;
  if (!first) return <p class="more quiet">{tCommon.loading}</p>;
  if (rows.length === 0) return <p class="more quiet">{tTeam.noRows}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="table-wrap" tabIndex={0} aria-label={tTeam.rowsCaption}>
        <table class="cards" id="team-rows">
          <caption class="visually-hidden">{tTeam.rowsCaption}</caption>
          <thead>
            <tr>
              <th scope="col" class="number">
                {tTeam.row}
              </th>
              <th scope="col">{tTeam.status}</th>
              <th scope="col">{tTeam.team}</th>
              <th scope="col">{tTeam.name}</th>
              <th scope="col">{tTeam.email}</th>
              <th scope="col">{tTeam.role}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.row} data-row={row.row} data-status={row.status}>
                <td class="number" data-label={tTeam.row}>
                  {count(row.row)}
                </td>
                <td data-label={tTeam.status}>
                  <Chip tone={kTones[row.status] ?? "idle"} word={tTeam.statuses[row.status] ?? row.status} />
                  <Faults row={row} />
                </td>
                <td data-label={tTeam.team}>{row.team}</td>
                <td data-label={tTeam.name}>{row.name}</td>
                <td class="wrap" data-label={tTeam.email}>
                  {row.email}
                </td>
                <td data-label={tTeam.role}>{row.role}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <More next={next} more={more} />
    </>
  );
}
