// SPDX-License-Identifier: MIT
// Which column of the file is which field: as the server found it, and by hand where it found it wrong or not at all.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../lib/api";
import { go } from "../../lib/route";
import type { Preview, TeamImport } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { type Option, Select } from "../../parts/fields";
import { tTeam } from "../../texts/en/team";
import { checkWithColumns, type Field, kFields } from "./model";

interface Header {
  names: string[];
  /** The first row below: what a column holds says more than its name. */
  example: (string | null)[];
}

/** The first row of a team file names its columns, also where detection takes it for data. */
function headerOf(preview: Preview): Header {
  if (preview.dialect.header_rows > 0) {
    return {
      names: preview.columns.map((column) => column.original_name ?? column.name),
      example: preview.rows[0] ?? [],
    };
  }
  return { names: (preview.rows[0] ?? []).map((cell) => cell ?? ""), example: preview.rows[1] ?? [] };
}

export function MatchColumns({ one, open }: { one: TeamImport; open: boolean }) {
  const [header, setHeader] = useState<Header | null>(null);
  const [chosen, setChosen] = useState<Partial<Record<Field, string>>>({});
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const upload = one.team_import.upload;

  const look = async () => {
    if (header || !upload) return;
    try {
      setHeader(headerOf(await get<Preview>(`/upload/${upload}/preview?rows=2`)));
    } catch (caught) {
      setFault(caught);
    }
  };
  useEffect(() => {
    if (open) void look();
  }, [open, upload]);
  if (!upload) return null;

  const nameFor = (field: Field) => chosen[field] ?? String(one.team_import.columns?.mapped?.[field] ?? "");
  const options: Option[] = [
    ["", tTeam.noColumn],
    ...(header?.names ?? []).map(
      (name, at): Option => [name, tTeam.columnChoice(name, (header?.example[at] ?? "").slice(0, 40))],
    ),
  ];
  const complete = nameFor("team") !== "" && nameFor("email") !== "";
  const again = async () => {
    setBusy(true);
    setFault(null);
    try {
      const columns = Object.fromEntries(kFields.map((field) => [field, nameFor(field)])) as Record<Field, string>;
      go(`/team/${await checkWithColumns(upload, columns)}`);
    } catch (caught) {
      setFault(caught);
    }
    setBusy(false);
  };
  return (
    <details open={open} onToggle={(event) => event.currentTarget.open && void look()} id="match">
      <summary>{tTeam.match}</summary>
      <div class="stack">
        {header ? (
          <>
            <div class="fields dates">
              {kFields.map((field) => (
                <Select
                  key={field}
                  id={`match-${field}`}
                  label={tTeam.fields[field]}
                  value={nameFor(field)}
                  options={options}
                  set={(name) => setChosen({ ...chosen, [field]: name })}
                />
              ))}
            </div>
            <p class="line">
              <button type="button" id="match-check" disabled={busy || !complete} onClick={() => void again()}>
                {tTeam.matchCheck}
              </button>
              {complete ? null : <span class="hint">{tTeam.matchNeeds}</span>}
            </p>
          </>
        ) : null}
        <Fault fault={fault} />
      </div>
    </details>
  );
}
