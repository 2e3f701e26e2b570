// SPDX-License-Identifier: MIT
// One sentence first, then the figures behind it. There is no address of its own for this: it reads what operators read.
import { useEffect, useState } from "preact/hooks";
import { bytes, count } from "../../lib/format";
import { total } from "../../lib/metrics";
import { poll } from "../../lib/poll";
import type { Job, Page } from "../../lib/types";
import { bannerFor } from "../../parts/banner";
import { Chip } from "../../parts/chip";
import { Heading } from "../../parts/page";
import { Sparkline } from "../../parts/sparkline";
import { tCommon } from "../../texts/en/common";
import { tStatus } from "../../texts/en/status";
import { type Health, health, type Readiness } from "./health";
import { refresh, type Snapshot, snapshot } from "./model";

const jobs = poll<Page<Job>>("/jobs?limit=50&state=running,queued,paused");

interface TileData {
  name: string;
  value: string;
  text: string;
  history?: number[];
}

function tilesOf(now: Snapshot, history: Snapshot[], working: Job[]): TileData[] {
  const { samples } = now;
  const tiles: TileData[] = [];
  const inState = (state: string) => working.filter((job) => job.state === state).length;
  const running = total(samples, "sluice_jobs", { state: "running" }) ?? inState("running");
  const queued = total(samples, "sluice_jobs", { state: "queued" }) ?? inState("queued");
  const slots = Number((now.ready.body?.checks as Record<string, { slots?: number }> | undefined)?.runners?.slots ?? 0);
  const past = (name: string, labels: Record<string, string> = {}) =>
    history.map((one) => total(one.samples, name, labels) ?? 0);
  tiles.push({
    name: "running",
    value: count(running),
    text: tStatus.running(slots),
    history: past("sluice_jobs", { state: "running" }),
  });
  tiles.push({
    name: "queued",
    value: count(queued),
    text: tStatus.queued(total(samples, "sluice_queue_age_seconds") ?? 0),
    history: past("sluice_jobs", { state: "queued" }),
  });
  const signs = samples.filter((one) => one.name === "sluice_runner_heartbeat_age_seconds").map((one) => one.value);
  if (signs.length > 0) {
    tiles.push({ name: "runners", value: count(signs.length), text: tStatus.runners(Math.max(...signs)) });
  }
  const free = total(samples, "sluice_disk_free_bytes");
  if (free !== null) {
    tiles.push({ name: "disk", value: bytes(free), text: tStatus.disk, history: past("sluice_disk_free_bytes") });
  }
  const active = total(samples, "sluice_uploads_active");
  if (active !== null) tiles.push({ name: "uploads", value: count(active), text: tStatus.uploads });
  const loaded = total(samples, "sluice_rows_loaded_total");
  if (loaded !== null) tiles.push({ name: "loaded", value: count(loaded), text: tStatus.loaded });
  const exported = total(samples, "sluice_rows_exported_total");
  if (exported !== null) tiles.push({ name: "exported", value: count(exported), text: tStatus.exported });
  const received = total(samples, "sluice_upload_bytes_total");
  if (received !== null) tiles.push({ name: "received", value: bytes(received), text: tStatus.received });
  return tiles;
}

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
  const last = history[history.length - 1] ?? snapshot();
  const tiles = tilesOf(last, history, jobs.data.value?.items ?? []);
  const version = last.ready.body?.version;
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
      <ul class="tiles">
        {tiles.map((tile) => (
          <li key={tile.name}>
            <div class="tile" data-tile={tile.name}>
              <b>{tile.value}</b>
              <span>{tile.text}</span>
              {tile.history && tile.history.length > 2 ? <Sparkline values={tile.history} /> : null}
            </div>
          </li>
        ))}
      </ul>
      {found ? <Checks found={found} /> : null}
      <p class="quiet small">
        <a href="/jobs">{tStatus.toJobs}</a> · <a href="/metrics">{tStatus.toMetrics}</a>
        {typeof version === "string" ? ` · ${tStatus.version(version)}` : null}
      </p>
    </>
  );
}
