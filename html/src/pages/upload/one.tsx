// SPDX-License-Identifier: MIT
// One upload at its own address: where it is, what was understood, and loading it with other settings.
import { useEffect, useMemo } from "preact/hooks";
import { bytes } from "../../lib/format";
import { poll } from "../../lib/poll";
import type { Upload } from "../../lib/types";
import { Chip } from "../../parts/chip";
import { Fault, NotFound } from "../../parts/fault";
import { Bar } from "../../parts/job_progress";
import { Time } from "../../parts/time";
import { tCommon } from "../../texts/en/common";
import { tUpload } from "../../texts/en/upload";
import { Review } from "./review";
import { itemView } from "./view";

export function One({ uid }: { uid: string }) {
  const one = useMemo(() => poll<Upload>(`/upload/${uid}`), [uid]);
  useEffect(() => () => one.stop(), [one]);
  const item = one.data.value;
  const fault = one.fault.value;
  if (fault && (fault.status === 404 || fault.status === 410)) {
    return (
      <>
        <h1>{tUpload.title}</h1>
        <NotFound />
      </>
    );
  }
  if (!item) return <h1>{tCommon.loading}</h1>;
  const view = itemView(item, false);
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
          {item.state === "complete" ? (
            <a class="button" href={`/upload/${item.uid}/file`}>
              {tCommon.download}
            </a>
          ) : null}
        </p>
      </section>
      <Fault fault={fault?.passes ? null : fault} />
      {item.state === "complete" ? <Review item={item} loaded={() => one.now()} /> : null}
    </>
  );
}
