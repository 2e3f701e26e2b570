// SPDX-License-Identifier: MIT
// Steps 3 and 4: what would happen, row by row, and the word to do it.
import { useState } from "preact/hooks";
import { ApiError } from "../../lib/api";
import { go } from "../../lib/route";
import type { TeamImport } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { tTeam } from "../../texts/en/team";
import { MatchColumns } from "./columns";
import { ReportAndNext, Tiles } from "./counts";
import { checkAgain, commit, type OnError, rememberedOnError, rememberOnError } from "./model";
import { TeamRows } from "./rows";

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

/** What the button of step 4 says: the number of members that come into being, or of changes. */
function createText(one: TeamImport): string {
  const { created, updated } = one.team_import.counts;
  return created > 0 ? tTeam.create(created) : tTeam.update(updated);
}

export function ReviewStep({ one, again }: { one: TeamImport; again: () => void }) {
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
