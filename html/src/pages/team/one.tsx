// SPDX-License-Identifier: MIT
// Steps 2 to 5 of one team file, at its own address: each can be left and come back to.
import { useEffect, useRef } from "preact/hooks";
import { tell } from "../../lib/tell";
import type { TeamImport } from "../../lib/types";
import { Fault, NotFound } from "../../parts/fault";
import { usePoll } from "../../parts/use_poll";
import { tCommon } from "../../texts/en/common";
import { tTeam } from "../../texts/en/team";
import { isOver, type Step, stepOf } from "./model";
import { ResultStep, Undo } from "./result";
import { ReviewStep } from "./review";
import { Steps } from "./steps";
import { Ended, Working } from "./working";

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
