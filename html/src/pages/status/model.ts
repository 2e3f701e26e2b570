// SPDX-License-Identifier: MIT
import { getAny, getText } from "../../lib/api";
import { parseMetrics, type Sample } from "../../lib/metrics";
import { every } from "../../lib/poll";
import type { Readiness } from "./health";

export interface Snapshot {
  /** By performance.now(). */
  at: number;
  ready: Readiness;
  samples: Sample[];
}

const kEveryMs = 5000;

async function ask(): Promise<Snapshot> {
  const [ready, metrics] = await Promise.all([
    getAny<Record<string, unknown>>("/readyz").catch(() => ({ status: 0, data: null })),
    getText("/metrics").catch(() => ""),
  ]);
  return { at: performance.now(), ready: { http: ready.status, body: ready.data }, samples: parseMetrics(metrics) };
}

/** Tells what is found now and every 5 s until stopped. */
export function refresh(tell: (found: Snapshot) => void): () => void {
  return every(kEveryMs, async () => tell(await ask()));
}
