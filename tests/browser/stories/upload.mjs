// SPDX-License-Identifier: MIT
import {
  bytesOf,
  check,
  csvOfSize,
  csvWithDates,
  Gate,
  get,
  kPieceBytes,
  kUrl,
  makeDataset,
  phase,
  press,
  request,
  row,
  same,
  sha256,
  tabTo,
  unique,
  until,
  uploadNamed,
  word,
} from "../support.mjs";

const kBig = Math.round(2.5 * kPieceBytes);

async function isGone(uid) {
  const answer = await request("GET", `/upload/${uid}`);
  return answer.status === 404 || answer.status === 410;
}

/** A big file on the page of which exactly one piece is on the server, and the second one waits at the gate. */
async function withOnePiece(visit, stem) {
  const name = `${unique(stem)}.csv`;
  const text = csvOfSize(kBig);
  const page = await visit.open("/upload");
  const gate = await new Gate("PATCH").on(page);
  gate.letThrough(1);
  await page.setInputFiles("#files", visit.file(name, text));
  await gate.holding("second piece");
  const upload = await until(async () => {
    const one = await uploadNamed(name);
    return one?.offset === kPieceBytes ? one : null;
  }, "one piece on the server");
  return { page, gate, name, text, uid: upload.uid };
}

/** A real file dropped on the page, as from a file manager. */
async function drop(page, path) {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await cdp.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
}

async function readyAndEqual(page, name, text) {
  await word(page, name, "Ready");
  const upload = await uploadNamed(name);
  same(sha256(await bytesOf(`/upload/${upload.uid}/file`)), sha256(text), "bytes on the server");
  return upload;
}

export const stories = {
  "upload: many files at once over a slow line become datasets": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/upload");
    const cdp = await visit.context.newCDPSession(page);
    await cdp.send("Network.enable");
    await cdp.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 20,
      downloadThroughput: -1,
      uploadThroughput: 4_000_000,
    });
    const small = csvWithDates(500);
    const files = Array.from({ length: 6 }, (_, index) => ({ name: `${unique(`many${index}`)}.csv`, text: small }));
    files.push({ name: `${unique("larger")}.csv`, text: csvOfSize(3_000_000) });
    await page.setInputFiles("#files", files.map(({ name, text }) => visit.file(name, text)));
    for (const { name } of files) await word(page, name, "Ready");
    await row(page, files[0].name).locator('[data-action="open"]').click();
    await page.locator("#rows tbody tr").first().waitFor();
    const uid = page.url().split("/").pop();
    same((await get(`/datasets/${uid}`)).row_count, 500, "rows of the dataset");
  },

  "upload: pause keeps what is there, resume goes on from it": async (visitor) => {
    const { page, gate, name, text, uid } = await withOnePiece(visitor(), "pause");
    await press(page, name, "pause");
    await phase(page, name, "paused");
    await gate.open();
    same((await get(`/upload/${uid}`)).offset, kPieceBytes, "offset after the pause");
    await press(page, name, "resume");
    const upload = await readyAndEqual(page, name, text);
    same(upload.uid, uid, "still the same upload");
  },

  "upload: cancel asks, then leaves nothing on the server": async (visitor) => {
    const { page, gate, name, uid } = await withOnePiece(visitor(), "cancel");
    await press(page, name, "cancel");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await phase(page, name, "sending");
    await press(page, name, "cancel");
    await dialog.getByRole("button", { name: "Cancel upload" }).click();
    await phase(page, name, "cancelled");
    await gate.open();
    check(await isGone(uid), "the upload is gone from the server");
  },

  "upload: restart makes a new upload and removes the old one": async (visitor) => {
    const { page, gate, name, text, uid } = await withOnePiece(visitor(), "restart");
    await press(page, name, "restart");
    await gate.open();
    const upload = await readyAndEqual(page, name, text);
    check(upload.uid !== uid, "another upload");
    check(await isGone(uid), "the old upload is gone from the server");
  },

  "upload: a file cancelled while its POST is on the way is removed as soon as its address is known": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/upload");
    const gate = await new Gate("POST").on(page);
    gate.letThrough(0);
    const name = `${unique("early")}.csv`;
    await page.setInputFiles("#files", visit.file(name, csvWithDates(10)));
    await gate.holding("creation");
    await press(page, name, "cancel");
    const answered = page.waitForResponse((one) => one.request().method() === "POST" && one.status() === 201);
    await gate.open();
    const address = (await answered).headers().location;
    await phase(page, name, "cancelled");
    check(await isGone(address.split("/").pop()), "nothing is left on the server");
  },

  "upload: pause all while files are still read sends nothing, resume all sends everything": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/upload");
    const names = Array.from({ length: 8 }, (_, index) => `${unique(`wait${index}`)}.csv`);
    const sent = [];
    page.on("request", (one) => one.method() === "PATCH" && sent.push(one.url()));
    // Both in one task of the page: the files cannot have been read in between.
    await page.evaluate((list) => {
      const files = new DataTransfer();
      for (const name of list) files.items.add(new File(["a,b\n1,2\n3,4\n"], name, { type: "text/csv" }));
      const input = document.getElementById("files");
      input.files = files.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      return new Promise((resolve) => {
        const button = document.querySelector('[data-all="pause"]');
        const click = () => {
          if (button.disabled) return false;
          button.click();
          resolve();
          return true;
        };
        if (click()) return;
        const watch = new MutationObserver(() => click() && watch.disconnect());
        watch.observe(button, { attributes: true });
      });
    }, names);
    for (const name of names) await phase(page, name, "paused");
    for (const name of names) same((await uploadNamed(name))?.offset ?? 0, 0, `offset of ${name}`);
    same(sent.length, 0, "PATCH requests before the resume");
    await page.locator('[data-all="resume"]').click();
    for (const name of names) await word(page, name, "Ready");
  },

  "upload: restart all sends every file anew and leaves nothing of before": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/upload");
    const gate = await new Gate("PATCH").on(page);
    gate.letThrough(0);
    const files = [1, 2].map((at) => ({ name: `${unique(`anew${at}`)}.csv`, text: csvWithDates(2000 * at) }));
    await page.setInputFiles("#files", files.map(({ name, text }) => visit.file(name, text)));
    const before = [];
    for (const { name } of files) {
      before.push((await until(() => uploadNamed(name), `upload of ${name}`)).uid);
      await phase(page, name, "sending");
    }
    await page.locator('[data-all="restart"]').click();
    await page.getByRole("dialog").getByRole("button", { name: "Restart all" }).click();
    for (const uid of before) await until(() => isGone(uid), `${uid} removed`);
    await gate.open();
    for (const { name, text } of files) await readyAndEqual(page, name, text);
  },

  "upload: retry all tries again whatever was refused": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/upload");
    const refusal = { code: "upload.too_many_open", status: 422, title: "Refused", detail: "Refused for a while." };
    let refuse = true;
    await page.route(/\/upload$/, (route) =>
      refuse && route.request().method() === "POST"
        ? route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify(refusal) })
        : route.fallback(),
    );
    const names = [1, 2].map((at) => `${unique(`refused${at}`)}.csv`);
    await page.setInputFiles("#files", names.map((name) => visit.file(name, csvWithDates(10))));
    for (const name of names) {
      await phase(page, name, "failed");
      await row(page, name).getByText("Refused for a while.").waitFor();
    }
    refuse = false;
    await page.locator('[data-all="retry"]').click();
    for (const name of names) await word(page, name, "Ready");
  },

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
    same(offsets[0], String(kPieceBytes), "first offset after the reload");
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
      return one?.offset === kPieceBytes ? one : null;
    }, "one piece on the server");
    await visit.kill();

    const again = await visit.open("/upload");
    await word(again, name, "Interrupted");
    const offsets = [];
    again.on("request", (one) => one.method() === "PATCH" && offsets.push(one.headers()["upload-offset"]));
    await row(again, name).getByRole("button", { name: /^Resume/ }).click();
    const upload = await readyAndEqual(again, name, text);
    same(upload.uid, uid, "still the same upload");
    same(offsets[0], String(kPieceBytes), "first offset after the kill");
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
    same(sent[0], String(kPieceBytes), "first offset of the second tab");
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

  "upload: review shows what was understood and loads when told to": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/upload");
    await page.getByText("Options for the next files").click();
    await page.locator("#auto").uncheck();
    const name = `${unique("look")}.csv`;
    await page.setInputFiles("#files", visit.file(name, "id;day;amount\n1;2016-01-03;2.50\n2;2016-01-04;3.75\n"));
    await word(page, name, "Waits for your look");
    await press(page, name, "look");
    await page.locator("#delimiter").waitFor();
    same(await page.locator("#delimiter").inputValue(), ";", "delimiter");
    await page.getByRole("button", { name: "Looks right" }).click();
    await page.getByRole("link", { name: "Open dataset" }).click();
    await page.locator("#rows tbody tr").nth(1).waitFor();
    same(await page.locator("#rows tbody tr").count(), 2, "rows");
  },

  "upload: other settings are tried out, taken back, and a second table becomes a dataset": async (visitor) => {
    const name = unique("tables");
    const rows = (from, to) => Array.from({ length: to - from }, (_, at) => `${from + at};2016-01-${10 + (at % 20)};x`);
    const text = ["id;day;note", ...rows(1, 40), "id;day;note", ...rows(100, 130), ""].join("\n");
    const { upload } = await makeDataset(name, text);
    const visit = visitor();
    const page = await visit.open(`/upload/${upload.uid}`);
    const columns = page.locator("#preview thead th");
    await columns.nth(2).waitFor();
    await page.locator("#delimiter").selectOption(",");
    await until(async () => (await columns.count()) === 1, "one column with a comma");
    await page.getByRole("button", { name: "As it was found" }).click();
    await until(async () => (await columns.count()) === 3, "three columns again");
    await page.locator("#second-table").getByRole("button", { name: "Show the second table" }).click();
    await page.locator("#preview tbody td").getByText("100", { exact: true }).waitFor();
    same(await page.locator("#other-name").inputValue(), `${name}-2`, "name of the second dataset");
    await page.getByRole("button", { name: "Load as another dataset" }).click();
    const second = await until(
      async () => (await get("/datasets?limit=50")).items.find((one) => one.name === `${name}-2`),
      "the second dataset",
    );
    same(second.row_count, 30, "rows of the second table");
    same((await get(`/datasets/${upload.dataset.uid}`)).row_count, 39, "rows of the first table, untouched");
  },

  "upload: one file is told in at most eight announcements": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/upload");
    await page.evaluate(() => {
      window.heard = [];
      const region = document.getElementById("announce");
      new MutationObserver(() => window.heard.push(region.textContent)).observe(region, { childList: true });
    });
    const name = `${unique("heard")}.csv`;
    await page.setInputFiles("#files", visit.file(name, csvOfSize(kBig)));
    await word(page, name, "Ready");
    const heard = await until(async () => {
      const list = await page.evaluate(() => window.heard);
      return list.some((text) => text.includes("is ready")) ? list : null;
    }, "the last announcement");
    check(heard.length >= 2 && heard.length <= 8, `announcements: ${JSON.stringify(heard)}`);
  },
};
