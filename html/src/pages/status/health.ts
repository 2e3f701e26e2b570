// SPDX-License-Identifier: MIT
// Reads /readyz: each check by its name, whatever else it tells.
import { tCommon } from "../../texts/en/common";
import { tStatus } from "../../texts/en/status";

export interface Readiness {
  http: number;
  body: Record<string, unknown> | null;
}

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

export interface Health {
  good: boolean;
  sentence: string;
  checks: Check[];
}

function isGood(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value === "ok" || value === "ready" || value === "up";
  if (value && typeof value === "object") {
    const one = value as Record<string, unknown>;
    if ("ok" in one) return one.ok === true;
    if ("status" in one) return isGood(one.status);
  }
  return false;
}

/** What is known by name in words, the rest as it comes; what is not so (false, 0, null) is not told. */
function describe(value: unknown): string {
  if (!value || typeof value !== "object") return "";
  return Object.entries(value)
    .filter(([key, one]) => key !== "ok" && key !== "status" && one && typeof one !== "object")
    .map(([key, one]) => tStatus.details[key]?.(one as number) ?? `${key.replaceAll("_", " ")} ${String(one)}`)
    .join(", ");
}

/** null while nothing is known yet. */
export function health(ready: Readiness | null): Health | null {
  if (ready === null) return null;
  if (ready.body === null) return { good: false, sentence: tCommon.noServer(navigator.onLine), checks: [] };
  const listed = (ready.body.checks ?? {}) as Record<string, unknown>;
  const checks = Object.entries(listed).map(([name, value]) => ({
    name,
    ok: isGood(value),
    detail: describe(value),
  }));
  const bad = checks.filter((check) => !check.ok).map((check) => tStatus.names[check.name] ?? check.name);
  const good = ready.http === 200;
  const sentence = good ? (bad.length === 0 ? tStatus.allGood : tStatus.degraded(bad)) : tStatus.notReady(bad);
  return { good: good && bad.length === 0, sentence, checks };
}
