// SPDX-License-Identifier: MIT
// The rows of a team file with what becomes of each, a page at a time.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../lib/api";
import { count } from "../../lib/format";
import type { Page, TeamRow } from "../../lib/types";
import { Chip, type Tone } from "../../parts/chip";
import { Fault } from "../../parts/fault";
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
  const [rows, setRows] = useState<TeamRow[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [ready, setReady] = useState(false);

  const load = async (cursor: string | null, before: TeamRow[]) => {
    const query = new URLSearchParams({ limit: "100" });
    if (status) query.set("status", status);
    if (cursor) query.set("cursor", cursor);
    try {
      const page = await get<Page<TeamRow>>(`/team/${uid}/rows?${query}`);
      setRows([...before, ...page.items]);
      setNext(page.next);
      setFault(null);
    } catch (caught) {
      setFault(caught);
    }
    setReady(true);
  };
  useEffect(() => {
    setReady(false);
    void load(null, []);
  }, [uid, status]);

  if (fault) return <Fault fault={fault} />;
  if (!ready) return <p class="more quiet">{tCommon.loading}</p>;
  if (rows.length === 0) return <p class="more quiet">{tTeam.noRows}</p>;
  return (
    <>
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
      {next ? (
        <p class="more">
          <button type="button" onClick={() => void load(next, rows)}>
            {tCommon.more}
          </button>
        </p>
      ) : null}
    </>
  );
}
