// SPDX-License-Identifier: MIT
import { useState } from "preact/hooks";
import { post } from "../lib/api";
import { actionsOf, type JobAction } from "../lib/control";
import type { Job } from "../lib/types";
import { tCommon } from "../texts/en/common";
import { tJobs } from "../texts/en/jobs";
import { ask } from "./dialog";
import { Icon, type IconName } from "./icon";

const kIcons: Record<JobAction, IconName> = { pause: "pause", resume: "play", cancel: "cross", retry: "again" };

interface Props {
  job: Job;
  name: string;
  done: () => void;
  failed: (fault: unknown) => void;
}

export function JobButtons({ job, name, done, failed }: Props) {
  const [busy, setBusy] = useState(false);
  const act = async (action: JobAction) => {
    if (busy) return;
    if (action === "cancel") {
      const sure = await ask(tJobs.cancelTitle, tJobs.cancelText, tJobs.cancel, tCommon.keepRunning);
      if (!sure) return;
    }
    setBusy(true);
    try {
      await post(`/jobs/${job.uid}/${action}`);
      failed(null);
    } catch (caught) {
      failed(caught);
    }
    done();
    setBusy(false);
  };
  return (
    <>
      {actionsOf(job.state).map((action) => (
        <button
          key={action}
          type="button"
          data-action={action}
          aria-label={`${tCommon[action]}: ${name}`}
          aria-disabled={busy}
          onClick={() => void act(action)}
        >
          <Icon name={kIcons[action]} />
          {tCommon[action]}
        </button>
      ))}
    </>
  );
}
