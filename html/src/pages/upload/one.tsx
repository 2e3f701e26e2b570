// SPDX-License-Identifier: MIT
// One upload at its own address: where it is, what was understood, and loading it with other settings.
import { bytes } from "../../lib/format";
import type { RejectCount, Upload } from "../../lib/types";
import { Chip } from "../../parts/chip";
import { Copy } from "../../parts/copy";
import { Bar } from "../../parts/job_progress";
import { useFetched } from "../../parts/pages";
import { RejectCodes } from "../../parts/reject_codes";
import { Time } from "../../parts/time";
import { insteadOf, usePoll } from "../../parts/use_poll";
import { tCommon } from "../../texts/en/common";
import { tUpload } from "../../texts/en/upload";
import { Review } from "./review/review";
import { itemView } from "./view";

/** `version`: they are asked for again when it is another. */
function Codes({ uid, version }: { uid: string; version: unknown }) {
  const { first } = useFetched(`/upload/${uid}/rejects?limit=1`, version);
  return <RejectCodes codes={first?.codes as RejectCount[] | undefined} />;
}

export function One({ uid }: { uid: string }) {
  const one = usePoll<Upload>(`/upload/${uid}`);
  const item = one.data.value;
  const instead = insteadOf(one, tUpload.title);
  if (instead || !item) return instead;
  const view = itemView(item, false);
  const tooMany = item.job?.error?.code === "import.too_many_rejects";
  return (
    <>
      <p class="crumbs">
        <a href="/upload">{tUpload.title}</a>
      </p>
      <h1>{item.filename ?? item.uid}</h1>
      <section class="card" aria-label={tUpload.files}>
        <p class="line">
          <Chip tone={view.tone} word={view.word} />
          <span class="quiet">
            {item.length === null ? null : `${bytes(item.length)} · `}
            <Time at={item.created_at} />
          </span>
        </p>
        {view.part !== undefined ? <Bar part={view.part} label={view.word} still={view.still} /> : null}
        {view.line ? <p class="quiet small">{view.line}</p> : null}
        {view.fault ? <p class="fault">{view.fault}</p> : null}
        {tooMany || item.import?.rejected ? (
          <Codes uid={item.uid} version={`${item.job?.state} ${item.import?.rejected}`} />
        ) : null}
        {item.sha256 ? (
          <p class="line quiet small">
            {tCommon.sha} <code class="wrap">{item.sha256}</code> <Copy text={item.sha256} what={tCommon.sha} />
          </p>
        ) : null}
        <p class="line small-buttons">
          {item.dataset ? (
            <a class="button" href={`/datasets/${item.dataset.uid}`}>
              {tUpload.open}
            </a>
          ) : null}
          {item.job ? (
            <a class="button" href={`/jobs/${item.job.uid}`}>
              {tCommon.job}
            </a>
          ) : null}
          {tooMany ? (
            <a class="button" href={`/upload/${item.uid}/rejects.csv`}>
              {tUpload.rejects}
            </a>
          ) : null}
          {item.state === "complete" ? (
            <a class="button" href={`/upload/${item.uid}/file`}>
              {tCommon.download}
            </a>
          ) : null}
        </p>
      </section>
      {item.state === "complete" ? <Review item={item} loaded={() => one.now()} /> : null}
    </>
  );
}
