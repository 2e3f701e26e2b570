// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import type { TeamImport } from "../../lib/types";
import { stepOf } from "./model";

function one(state: string, checked: boolean, committed: boolean, dry_run = true): TeamImport {
  return { state, team_import: { checked, committed, dry_run } } as unknown as TeamImport;
}

describe("steps of a team file", () => {
  it("go from check over review and creation to the result", () => {
    expect(stepOf(one("queued", false, false))).toBe(1);
    expect(stepOf(one("running", false, false))).toBe(1);
    expect(stepOf(one("paused", true, false))).toBe(2);
    expect(stepOf(one("running", true, false))).toBe(3);
    expect(stepOf(one("succeeded", true, true))).toBe(4);
  });
  it("tell the user's pause of a check from the review", () => {
    expect(stepOf(one("paused", false, false))).toBe(1);
  });
  it("tell a pause of the creation from the review", () => {
    expect(stepOf(one("paused", true, false, false))).toBe(3);
  });
});
