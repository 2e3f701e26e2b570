// SPDX-License-Identifier: MIT
// Which column of the file is which field: as the server found it, and by hand where it found it wrong or not at all.
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../../lib/api";
import { go } from "../../lib/route";
import type { Preview, TeamImport } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { type Option, Select } from "../../parts/fields";
import { tTeam } from "../../texts/en/team";
import { kFields, type Matching, names, withNames } from "./header";
import { check, sentFiles } from "./model";

/** The matching that the server used, by place. */
function matchingOf(one: TeamImport, preview: Preview): Matching {
  const mapped = one.team_import.columns?.mapped ?? {};
  const place = (name: string | number | null | undefined) => {
    const at = preview.columns.findIndex((column) => (column.original_name ?? column.name) === name);
    return at < 0 ? null : at;
  };
  return Object.fromEntries(kFields.map((field) => [field, place(mapped[field])])) as Matching;
}

/** "Mail – e.g. ann@example.org" */
function optionsOf(preview: Preview): Option[] {
  const columns = preview.columns.map((column, at): Option => {
    const example = preview.rows.map((row) => row[at]).find((value) => value);
    return [String(at), tTeam.columnChoice(column.original_name ?? column.name, example?.slice(0, 40) ?? "")];
  });
  return [["", tTeam.noColumn], ...columns];
}

export function MatchColumns({ one, open }: { one: TeamImport; open: boolean }) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [matching, setMatching] = useState<Matching | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const upload = one.team_import.upload;

  const look = async () => {
    if (preview || !upload) return;
    try {
      const found = await get<Preview>(`/upload/${upload}/preview?rows=5`);
      setPreview(found);
      setMatching(matchingOf(one, found));
    } catch (caught) {
      setFault(caught);
    }
  };
  useEffect(() => {
    if (open) void look();
  }, [open, upload]);

  const send = async (file: File) => {
    if (!preview || !matching) return;
    setBusy(true);
    setFault(null);
    try {
      const used = Object.values(one.team_import.columns?.mapped ?? {}).map(String);
      const again = await withNames(file, preview, names(preview, matching, used));
      go(`/team/${await check(new File([again], file.name))}`);
    } catch (caught) {
      setFault(caught);
    }
    setBusy(false);
  };
  const kept = sentFiles.get(one.uid);
  const complete = matching !== null && matching.team !== null && matching.email !== null;
  return (
    <details open={open} onToggle={(event) => event.currentTarget.open && void look()} id="match">
      <summary>{tTeam.match}</summary>
      <div class="stack">
        {preview && matching ? (
          <>
            <div class="fields">
              {kFields.map((field) => (
                <Select
                  key={field}
                  id={`match-${field}`}
                  label={tTeam.fields[field]}
                  value={matching[field] === null ? "" : String(matching[field])}
                  options={optionsOf(preview)}
                  set={(at) => setMatching({ ...matching, [field]: at === "" ? null : Number(at) })}
                />
              ))}
            </div>
            <p class="line">
              <button
                type="button"
                id="match-check"
                disabled={busy || !complete}
                onClick={() => (kept ? void send(kept) : input.current?.click())}
              >
                {kept ? tTeam.matchCheck : tTeam.matchChoose}
              </button>
              {complete ? null : <span class="hint">{tTeam.matchNeeds}</span>}
            </p>
            <input
              ref={input}
              type="file"
              hidden
              aria-label={tTeam.matchChoose}
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                event.currentTarget.value = "";
                if (file) void send(file);
              }}
            />
          </>
        ) : null}
        <Fault fault={fault} />
      </div>
    </details>
  );
}
