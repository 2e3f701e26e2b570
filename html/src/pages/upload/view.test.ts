// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import type { Job, Upload } from "../../lib/types";
import { itemView, type Local, localView } from "./view";

const kLocal: Local = {
  phase: "sending",
  wish: "run",
  sent: 50,
  size: 100,
  rate: 10,
  secondsLeft: 5,
  trouble: null,
};

function upload(job: Partial<Job> & { phase?: string } = {}, rest: Partial<Upload> = {}): Upload {
  return {
    uid: "u",
    filename: "a.csv",
    length: 100,
    offset: 100,
    state: "complete",
    fingerprint: null,
    created_at: "2026-01-01T00:00:00Z",
    expires_at: null,
    dataset: { uid: "d", name: "a" },
    import: null,
    job: {
      uid: "j",
      kind: "import",
      state: "running",
      attempt: 1,
      created_at: "",
      started_at: null,
      finished_at: null,
      error: null,
      ...job,
      progress: {
        phase: job.phase ?? null,
        records_done: null,
        records_total: null,
        bytes_done: null,
        bytes_total: null,
        per_second: null,
        eta_seconds: null,
      },
    },
    ...rest,
  };
}

describe("a file that is sent", () => {
  it("shows figures and can be paused, cancelled, restarted", () => {
    const view = localView(kLocal);
    expect(view.line).toBe("50 B of 100 B (50%) · 10 B/s · about 5 s left");
    expect(view.actions).toEqual(["pause", "cancel", "restart"]);
  });
  it("answers a wish at once, before it is done", () => {
    expect(localView({ ...kLocal, wish: "pause" }).word).toBe("Pausing…");
    expect(localView({ ...kLocal, wish: "cancel" }).word).toBe("Cancelling…");
    expect(localView({ ...kLocal, wish: "cancel" }).actions).toEqual([]);
  });
  it("says that nothing is lost when the connection is", () => {
    const view = localView({ ...kLocal, trouble: { kind: "retry", attempt: 3, seconds: 5 } });
    expect(view.line).toBe("Connection lost. Trying again in 5 s (attempt 3). Nothing is lost.");
  });
  it("can try again to cancel", () => {
    const view = localView({
      ...kLocal,
      phase: "failed",
      wish: "cancel",
      trouble: { kind: "refused", message: "No." },
    });
    expect(view.fault).toBe("No.");
    expect(view.actions).toContain("retry");
  });
});

describe("a file that is here", () => {
  const word = (job: Parameters<typeof upload>[0]) => itemView(upload(job), false).word;
  it("goes from checking to ready", () => {
    expect(word({ state: "queued" })).toBe("Queued");
    expect(word({ phase: "assemble" })).toBe("Checking");
    expect(word({ phase: "detect" })).toBe("Checking");
    expect(word({ phase: "load" })).toBe("Loading");
    expect(word({ phase: "verify" })).toBe("Finishing");
    expect(word({ phase: "publish" })).toBe("Finishing");
    expect(word({ state: "succeeded" })).toBe("Ready");
  });
  it("tells rests apart: the user's pause, and the look before loading", () => {
    expect(itemView(upload({ state: "paused", phase: "load" }), false).actions).toEqual(["job-resume", "job-cancel"]);
    expect(itemView(upload({ state: "paused", phase: "review" }), false).actions).toContain("look");
  });
  it("counts rejected records", () => {
    const view = itemView(upload({ state: "succeeded" }, { import: { uid: "i", rejected: 12 } }), false);
    expect(view.word).toBe("Ready, 12 records rejected");
    expect(view.actions).toEqual(["open", "rejects", "look"]);
  });
  it("asks for the file again where it was interrupted", () => {
    const open = upload({}, { state: "open", offset: 40, job: null });
    expect(itemView(open, false).line).toBe(
      "40 B of 100 B are already here. Choose the same file again to go on from there.",
    );
    expect(itemView(open, true).word).toBe("Uploading");
  });
  it("gives the server's reason of a failure", () => {
    const failed = upload({ state: "failed", error: { code: "csv.not_text", detail: "Not a text table." } });
    expect(itemView(failed, false).fault).toBe("Not a text table.");
  });
});
