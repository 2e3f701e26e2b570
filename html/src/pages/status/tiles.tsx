// SPDX-License-Identifier: MIT
// Figures of what runs, with the line of their last values; a figure that the server does not give has no tile.
import { bytes, count } from "../../lib/format";
import { total } from "../../lib/metrics";
import type { Job } from "../../lib/types";
import { Sparkline } from "../../parts/sparkline";
import { tStatus } from "../../texts/en/status";
import { secondsUntilFull } from "./forecast";
import type { Snapshot } from "./model";

interface TileData {
  name: string;
  value: string;
  text: string;
  history?: number[];
}

function slotsOf({ ready }: Snapshot): number {
  const checks = ready.body?.checks as Record<string, { slots?: number }> | undefined;
  return Number(checks?.runners?.slots ?? 0);
}

/** `history`: the snapshots of this page, the newest last. `working`: jobs at work, where there are no metrics. */
export function tilesOf(history: Snapshot[], working: Job[]): TileData[] {
  const now = history[history.length - 1];
  const samples = now?.samples ?? [];
  const figure = (name: string, labels: Record<string, string> = {}) => total(samples, name, labels);
  const past = (name: string, labels: Record<string, string> = {}) =>
    history.map((one) => total(one.samples, name, labels) ?? 0);
  const valuesOf = (name: string) => samples.filter((one) => one.name === name).map((one) => one.value);
  const jobs = (state: string) =>
    figure("sluice_jobs", { state }) ?? working.filter((job) => job.state === state).length;

  const tiles: TileData[] = [];
  const add = (name: string, value: string, text: string, line?: number[]) =>
    tiles.push({ name, value, text, history: line });
  add(
    "running",
    count(jobs("running")),
    tStatus.running(now ? slotsOf(now) : 0),
    past("sluice_jobs", { state: "running" }),
  );
  add(
    "queued",
    count(jobs("queued")),
    tStatus.queued(figure("sluice_queue_age_seconds") ?? 0),
    past("sluice_jobs", { state: "queued" }),
  );
  const started = figure("sluice_dispatch_seconds_count");
  if (started) {
    const average = (figure("sluice_dispatch_seconds_sum") ?? 0) / started;
    add("starts", `${count(Math.round(average * 1000))} ms`, tStatus.starts);
  }
  const signs = valuesOf("sluice_runner_heartbeat_age_seconds");
  if (signs.length > 0) add("runners", count(signs.length), tStatus.runners(Math.max(...signs)));
  const memory = valuesOf("sluice_process_resident_bytes");
  if (memory.length > 0) {
    const all = memory.reduce((sum, one) => sum + one, 0);
    add("processes", count(memory.length), tStatus.processes(all), past("sluice_process_resident_bytes"));
  }
  const free = figure("sluice_disk_free_bytes");
  if (free !== null) {
    const line = past("sluice_disk_free_bytes");
    const forecast = secondsUntilFull(history.map((one, at) => ({ at: one.at, free: line[at] ?? 0 })));
    add("disk", bytes(free), tStatus.disk(forecast), line);
  }
  return tiles;
}

export function Tiles({ tiles }: { tiles: TileData[] }) {
  return (
    <ul class="tiles six">
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
  );
}
