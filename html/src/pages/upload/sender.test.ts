// SPDX-License-Identifier: MIT
// Wishes that come at the wrong moment: while a file is read, while its POST is on the way, while it waits.
import { beforeEach, describe, expect, it, vi } from "vitest";

const server = vi.hoisted(() => ({
  last: 0,
  created: [] as string[],
  removed: [] as string[],
  carried: [] as { address: string; on: { done(): void; progress(sent: number): void }; dropped: boolean }[],
  remembered: [] as { uid: string; carriedBefore: number }[],
  hold: null as Promise<void> | null,
}));

vi.mock("../../lib/api", async (original) => ({
  ...(await original<object>()),
  createUpload: async () => {
    if (server.hold) await server.hold;
    server.last += 1;
    const uid = `00000000-0000-0000-0000-${String(server.last).padStart(12, "0")}`;
    server.created.push(uid);
    return `/upload/${uid}`;
  },
  terminateUpload: async (address: string) => {
    server.removed.push(address.slice(8));
  },
}));
vi.mock("../../lib/store", () => ({
  kKeepWhole: 10,
  remember: async (record: { uid: string }) => {
    server.remembered.push({ uid: record.uid, carriedBefore: server.carried.length });
  },
  setPaused: async () => {},
  forget: async () => {},
}));
vi.mock("../../lib/carrier", () => ({
  carry: (_file: Blob, _name: string, address: string, _key: string, on: never) => {
    const one = { address, on, dropped: false };
    server.carried.push(one);
    return {
      drop: async () => {
        one.dropped = true;
      },
    };
  },
}));

const { Sender } = await import("./sender");

const file = (name: string) => new File(["a,b\n1,2\n"], name);
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

function make() {
  return new Sender({ find: async () => ({ open: null, before: null }), changed: () => {} });
}

beforeEach(() => {
  server.created.length = 0;
  server.removed.length = 0;
  server.carried.length = 0;
  server.remembered.length = 0;
  server.hold = null;
});

describe("sender", () => {
  it("creates, remembers before the first byte, sends, and is done", async () => {
    const entry = make().add(file("a.csv"), {}, null);
    await vi.waitFor(() => expect(entry.phase.value).toBe("sending"));
    expect(server.remembered).toEqual([{ uid: server.created[0], carriedBefore: 0 }]);
    server.carried[0]?.on.done();
    await vi.waitFor(() => expect(entry.phase.value).toBe("sent"));
    expect(server.removed).toEqual([]);
  });

  it("sends nothing when the pause comes while the file is still read", async () => {
    const sender = make();
    const entry = sender.add(file("a.csv"), {}, null);
    sender.want(entry, "pause");
    await vi.waitFor(() => expect(entry.phase.value).toBe("paused"));
    expect(server.carried).toEqual([]);
    sender.want(entry, "run");
    await vi.waitFor(() => expect(entry.phase.value).toBe("sending"));
  });

  it("removes from the server what was cancelled while its POST was on the way", async () => {
    let answer: () => void = () => {};
    server.hold = new Promise((resolve) => {
      answer = resolve;
    });
    const sender = make();
    const entry = sender.add(file("a.csv"), {}, null);
    await vi.waitFor(() => expect(entry.phase.value).toBe("creating"));
    sender.want(entry, "cancel");
    await settled();
    expect(entry.phase.value).toBe("creating");
    answer();
    await vi.waitFor(() => expect(entry.phase.value).toBe("cancelled"));
    expect(server.removed).toEqual(server.created);
    expect(server.carried).toEqual([]);
  });

  it("drops the carriage before it removes the upload, and never takes a cancel back", async () => {
    const sender = make();
    const entry = sender.add(file("a.csv"), {}, null);
    await vi.waitFor(() => expect(entry.phase.value).toBe("sending"));
    sender.want(entry, "cancel");
    sender.want(entry, "run");
    await vi.waitFor(() => expect(entry.phase.value).toBe("cancelled"));
    expect(server.carried[0]?.dropped).toBe(true);
    expect(server.removed).toEqual(server.created);
  });

  it("restarts as a new upload from the first byte", async () => {
    const sender = make();
    const entry = sender.add(file("a.csv"), {}, null);
    await vi.waitFor(() => expect(entry.phase.value).toBe("sending"));
    server.carried[0]?.on.progress(5);
    sender.want(entry, "restart");
    await vi.waitFor(() => expect(server.carried.length).toBe(2));
    expect(server.removed).toEqual([server.created[0]]);
    expect(server.created.length).toBe(2);
    expect(entry.sent.value).toBe(0);
  });

  it("sends five at once; a paused one gives its place away and gets one again", async () => {
    const sender = make();
    const entries = Array.from({ length: 7 }, (_, index) => sender.add(file(`${index}.csv`), {}, null));
    await vi.waitFor(() => expect(server.created.length).toBe(7));
    const sending = () => entries.filter((one) => one.phase.value === "sending");
    await vi.waitFor(() => expect(sending().length).toBe(5));
    const first = sending()[0] as (typeof entries)[0];
    sender.want(first, "pause");
    await vi.waitFor(() => expect(first.phase.value).toBe("paused"));
    await vi.waitFor(() => expect(sending().length).toBe(5));
    sender.want(first, "run");
    await vi.waitFor(() => expect(first.phase.value).toBe("waiting"));
    for (const one of server.carried.slice()) if (!one.dropped) one.on.done();
    await vi.waitFor(() => expect(first.phase.value).toBe("sending"));
  });

  it("goes on with an upload that the server has already", async () => {
    const uid = "00000000-0000-0000-0000-00000000abcd";
    const sender = new Sender({ find: async () => ({ open: { uid, offset: 4 }, before: null }), changed: () => {} });
    const entry = sender.add(file("a.csv"), {}, null);
    await vi.waitFor(() => expect(entry.phase.value).toBe("sending"));
    expect(server.created).toEqual([]);
    expect(server.carried[0]?.address).toBe(`/upload/${uid}`);
    expect(entry.sent.value).toBe(4);
  });

  it("never gives two equal files the same upload, also while the answer to a POST is on its way", async () => {
    let answer: () => void = () => {};
    server.hold = new Promise((resolve) => {
      answer = resolve;
    });
    // The list shows already what the first file's POST has made, before the answer is here.
    const open = { uid: "00000000-0000-0000-0000-00000000beef", offset: 0 };
    let made = false;
    const sender = new Sender({ find: async () => ({ open: made ? open : null, before: null }), changed: () => {} });
    const first = sender.add(file("a.csv"), {}, null);
    await vi.waitFor(() => expect(first.phase.value).toBe("creating"));
    made = true;
    const twin = sender.add(file("a.csv"), {}, null);
    await vi.waitFor(() => expect(twin.phase.value).toBe("creating"));
    answer();
    await vi.waitFor(() => expect([first.phase.value, twin.phase.value]).toEqual(["sending", "sending"]));
    expect(twin.uid.value).not.toBe(open.uid);
    expect(server.created.length).toBe(2);
  });

  it("needs no bytes for an empty file", async () => {
    const entry = make().add(new File([], "empty.csv"), {}, null);
    await vi.waitFor(() => expect(entry.phase.value).toBe("sent"));
    expect(server.created.length).toBe(1);
    expect(server.carried).toEqual([]);
  });
});
