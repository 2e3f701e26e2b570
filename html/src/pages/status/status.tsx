// SPDX-License-Identifier: MIT
// One sentence first, then the figures behind it. There is no address of its own for this: it reads what operators read.
import { useEffect, useState } from "preact/hooks";
import { poll } from "../../lib/poll";
import type { Job, Page } from "../../lib/types";
import { bannerFor } from "../../parts/banner";
import { Chip } from "../../parts/chip";
import { Heading } from "../../parts/page";
import { tCommon } from "../../texts/en/common";
import { tStatus } from "../../texts/en/status";
import { type Health, health, type Readiness } from "./health";
import { refresh, type Snapshot } from "./model";
import { settingsOf } from "./settings";
import { SettingsCard } from "./settings_table";
import { Tiles, tilesOf } from "./tiles";

const jobs = poll<Page<Job>>("/jobs?limit=50&state=running,queued,paused");

function Checks({ found }: { found: Health }) {
  return (
    <section class="card flush" aria-labelledby="checks-title">
      <div class="bar">
        <h2 id="checks-title">{tStatus.checks}</h2>
      </div>
      <ul class="rows">
        {found.checks.map((check) => (
          <li class="row" key={check.name} data-check={check.name} data-ok={check.ok}>
            <div class="row-name">
              <strong>{tStatus.names[check.name] ?? check.name}</strong>
              <Chip tone={check.ok ? "ok" : "bad"} word={check.ok ? tStatus.ok : tStatus.notOk} />
            </div>
            <p class="hint wrap">{check.detail}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function StatusPage() {
  const [ready, setReady] = useState<Readiness | null>(null);
  const [history, setHistory] = useState<Snapshot[]>([]);
  useEffect(() => {
    const end = bannerFor(jobs);
    const stop = refresh((found) => {
      setReady(found.ready);
      setHistory((before) => [...before.slice(-59), found]);
    });
    return () => {
      end();
      stop();
    };
  }, []);
  const found = health(ready);
  const tiles = tilesOf(history, jobs.data.value?.items ?? []);
  const settings = settingsOf(history[history.length - 1]?.samples ?? []);
  const version = ready?.body?.version;
  const tone = found === null ? "idle" : found.good ? "ok" : "bad";
  return (
    <>
      <Heading title={tStatus.title} />
      <div class={`notice ${tone === "idle" ? "" : tone}`} id="sentence" data-good={found?.good ?? ""}>
        <p>
          <strong>{found === null ? tCommon.loading : found.sentence}</strong>{" "}
          {found?.good ? tStatus.work(tiles[0]?.value ?? "0", tiles[1]?.value ?? "0") : null}
        </p>
        {found && !found.good ? <p>{tStatus.notGoodText}</p> : null}
      </div>
      <Tiles tiles={tiles} />
      {found ? <Checks found={found} /> : null}
      {settings ? <SettingsCard settings={settings} /> : null}
      <p class="quiet small">
        <a href="/jobs">{tStatus.toJobs}</a> · <a href="/metrics">{tStatus.toMetrics}</a>
        {typeof version === "string" ? ` · ${tStatus.version(version)}` : null}
      </p>
    </>
  );
}
