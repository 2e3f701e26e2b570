// SPDX-License-Identifier: MIT
// An upload that goes on: after a reload, in another browser, behind a gap of the network.
import {
  BadLine,
  check,
  csvOfSize,
  csvWithDates,
  Gate,
  kFirstPieceBytes,
  kUrl,
  phase,
  press,
  row,
  same,
  tabTo,
  unique,
  until,
  uploadNamed,
  word,
} from "../support.mjs";
import { drop, kBig, readyAndEqual, withOnePiece } from "../upload_steps.mjs";

/** A file of that size sent over a bad line, whole on the server in the end. Gives the line. */
async function sentOver(faults, visit, bytes) {
  const line = await new BadLine(faults).open();
  try {
    const page = await visit.open(`${line.url}/upload`);
    const name = `${unique("line")}.csv`;
    const text = csvOfSize(bytes);
    await page.setInputFiles("#files", visit.file(name, text));
    await readyAndEqual(page, name, text);
    await page.context().close();
    return line;
  } finally {
    await line.close();
  }
}

export const stories = {
  "upload: after a reload the same file goes on where it stopped, another one is refused": async (visitor) => {
    const visit = visitor();
    const { page, gate, name, text, uid } = await withOnePiece(visit, "reload");
    page.on("dialog", (one) => one.accept());
    await page.goto(`${kUrl}/upload`);
    await gate.open();
    await word(page, name, "Interrupted");
    const again = page.locator(`[data-continue="${uid}"]`);
    await again.setInputFiles(visit.file(`other-${name}`, csvOfSize(1000)));
    await row(page, name).getByText("This is a different file").waitFor();
    const offsets = [];
    page.on("request", (one) => one.method() === "PATCH" && offsets.push(one.headers()["upload-offset"]));
    await again.setInputFiles(visit.file(name, text));
    const upload = await readyAndEqual(page, name, text);
    same(upload.uid, uid, "still the same upload");
    same(offsets[0], String(kFirstPieceBytes), "first offset after the reload");
  },

  "upload: another browser goes on with the same upload": async (visitor) => {
    const { page, name, text, uid } = await withOnePiece(visitor(), "elsewhere");
    await page.context().close();
    const other = visitor();
    const second = await other.open("/upload");
    await word(second, name, "Interrupted");
    // Chosen as if it were new: it is known again by its content.
    await second.setInputFiles("#files", other.file(name, text));
    const upload = await readyAndEqual(second, name, text);
    same(upload.uid, uid, "still the same upload");
  },

  "upload: the browser is killed; the next one goes on with the file's handle": async (visitor) => {
    const name = `${unique("killed")}.csv`;
    const text = csvOfSize(kBig);
    const visit = visitor({ profile: true });
    // A dropped file's handle asks for leave in a window that nobody sees. So the page gets the handle of an equal file in
    // the origin's own file system, which outlives the browser as the other one does; leave is asked for as of any other.
    visit.script = () => {
      window.handles = Promise.resolve(null);
      DataTransferItem.prototype.getAsFileSystemHandle = () => window.handles;
      FileSystemHandle.prototype.queryPermission = async () => "prompt";
      FileSystemHandle.prototype.requestPermission = async () => "granted";
    };
    const page = await visit.open("/upload");
    await page.evaluate(
      async ([file, content]) => {
        const folder = await navigator.storage.getDirectory();
        const handle = await folder.getFileHandle(file, { create: true });
        const stream = await handle.createWritable();
        await stream.write(content);
        await stream.close();
        window.handles = Promise.resolve(handle);
      },
      [name, text],
    );
    const gate = await new Gate("PATCH").on(page);
    gate.letThrough(1);
    await drop(page, visit.file(name, text));
    await gate.holding("second piece");
    const { uid } = await until(async () => {
      const one = await uploadNamed(name);
      return one?.offset === kFirstPieceBytes ? one : null;
    }, "one piece on the server");
    await visit.kill();

    const again = await visit.open("/upload");
    await word(again, name, "Interrupted");
    const offsets = [];
    again.on("request", (one) => one.method() === "PATCH" && offsets.push(one.headers()["upload-offset"]));
    await row(again, name).getByRole("button", { name: /^Resume/ }).click();
    const upload = await readyAndEqual(again, name, text);
    same(upload.uid, uid, "still the same upload");
    same(offsets[0], String(kFirstPieceBytes), "first offset after the kill");
  },

  "upload: the browser is killed; without leave to read the file it is chosen again": async (visitor) => {
    const visit = visitor({ profile: true });
    const { name, text, uid } = await withOnePiece(visit, "chosen");
    await visit.kill();
    const again = await visit.open("/upload");
    await word(again, name, "Interrupted");
    await again.locator(`[data-continue="${uid}"]`).setInputFiles(visit.file(name, text));
    same((await readyAndEqual(again, name, text)).uid, uid, "still the same upload");
  },

  "upload: a second tab waits for the first one, and goes on when it is closed": async (visitor) => {
    const visit = visitor();
    const { page, name, text, uid } = await withOnePiece(visit, "tabs");
    const second = await visit.context.newPage();
    visit.watch(second);
    await second.goto(`${kUrl}/upload`);
    const sent = [];
    second.on("request", (one) => one.method() === "PATCH" && sent.push(one.headers()["upload-offset"]));
    await second.setInputFiles("#files", visit.file(name, text));
    await word(second, name, "Uploading in another tab");
    same(sent, [], "requests of the second tab");
    page.on("dialog", (one) => one.accept());
    await page.close({ runBeforeUnload: false });
    same((await readyAndEqual(second, name, text)).uid, uid, "still the same upload");
    same(sent[0], String(kFirstPieceBytes), "first offset of the second tab");
  },

  "upload: the network goes away and comes back in the middle": async (visitor) => {
    const visit = visitor();
    const { page, gate, name, text, uid } = await withOnePiece(visit, "offline");
    await visit.context.setOffline(true);
    await gate.open();
    await row(page, name).getByText("Connection lost. Trying again in").waitFor();
    await page.locator("#banner").getByText("This computer is offline").waitFor();
    await visit.context.setOffline(false);
    same((await readyAndEqual(page, name, text)).uid, uid, "still the same upload");
    await page.locator("#banner").waitFor({ state: "hidden" });
  },

  "upload: a line that is cut again and again still carries the file": async (visitor) => {
    const line = await sentOver({ cutAfter: 400_000 }, visitor(), 1_500_000);
    check(line.cuts >= 2, `cuts: ${line.cuts}`);
  },

  "upload: a connection that falls silent is given up, and the file goes on": async (visitor) => {
    const line = await sentOver({ silentAfter: 2_000_000 }, visitor(), 12_000_000);
    check(line.silent, "the line was silent once");
  },

  "upload: a file that changes while it is paused is told so": async (visitor) => {
    const visit = visitor();
    const { page, gate, name } = await withOnePiece(visit, "changed");
    await press(page, name, "pause");
    await phase(page, name, "paused");
    await gate.open();
    visit.file(name, csvOfSize(kBig - 1000));
    await press(page, name, "resume");
    await phase(page, name, "failed");
    await row(page, name).getByText("The browser can no longer read this file").waitFor();
  },

  "upload: by keyboard alone: choose, pause, resume, open": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/upload");
    const gate = await new Gate("PATCH").on(page);
    gate.letThrough(1);
    const name = `${unique("keys")}.csv`;
    const text = csvOfSize(kBig);
    const chooser = page.waitForEvent("filechooser");
    await tabTo(page, "Choose files");
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(visit.file(name, text));
    await gate.holding("second piece");
    await tabTo(page, `Pause: ${name}`);
    await page.keyboard.press("Space");
    await phase(page, name, "paused");
    await gate.open();
    await tabTo(page, `Resume: ${name}`);
    await page.keyboard.press("Enter");
    await word(page, name, "Ready");
    await tabTo(page, `Open dataset: ${name}`);
    await page.keyboard.press("Enter");
    await page.locator("#rows tbody tr").first().waitFor();
  },

  "upload: a small paused file is there after a reload and needs not to be chosen again": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/upload");
    const gate = await new Gate("PATCH").on(page);
    gate.letThrough(0);
    const name = `${unique("kept")}.csv`;
    const text = csvWithDates(200);
    await page.setInputFiles("#files", visit.file(name, text));
    await gate.holding("first piece");
    await press(page, name, "pause");
    await phase(page, name, "paused");
    await gate.open();
    await page.reload();
    await phase(page, name, "paused");
    await press(page, name, "resume");
    await readyAndEqual(page, name, text);
  },
};
