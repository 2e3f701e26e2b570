// SPDX-License-Identifier: MIT
import {
  check,
  csvOfSize,
  csvWithDates,
  Gate,
  get,
  kFirstPieceBytes,
  phase,
  press,
  row,
  same,
  unique,
  until,
  uploadNamed,
  word,
} from "../support.mjs";
import { isGone, readyAndEqual, withOnePiece } from "../upload_steps.mjs";

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
    same((await get(`/upload/${uid}`)).offset, kFirstPieceBytes, "offset after the pause");
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

  "upload: what is shown of a paused file is what the server has": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/upload");
    const cdp = await visit.context.newCDPSession(page);
    await cdp.send("Network.enable");
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 700_000 };
    await cdp.send("Network.emulateNetworkConditions", slow);
    const name = `${unique("shown")}.csv`;
    await page.setInputFiles("#files", visit.file(name, csvOfSize(6_000_000)));
    await row(page, name).getByText(/^1\.[4-9] MB of/).waitFor(); // in the second piece
    await press(page, name, "pause");
    await phase(page, name, "paused");
    same((await uploadNamed(name)).offset, kFirstPieceBytes, "offset");
    await row(page, name).getByText(/^1\.0 MB of/).waitFor();
  },

  "upload: a cancel that is confirmed when the file has arrived is carried out all the same": async (visitor) => {
    const { page, gate, name, uid } = await withOnePiece(visitor(), "late");
    await press(page, name, "cancel");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await gate.open();
    await word(page, name, "Ready");
    await dialog.getByRole("button", { name: "Cancel upload" }).click();
    await dialog.getByText("A dataset made of it stays").waitFor();
    await dialog.getByRole("button", { name: "Delete file" }).click();
    await until(() => isGone(uid), "the upload is gone from the server");
  },

  "upload: restart makes a new upload and removes the old one": async (visitor) => {
    const { page, gate, name, text, uid } = await withOnePiece(visitor(), "restart");
    await press(page, name, "restart");
    await page.getByRole("dialog").getByRole("button", { name: "Restart" }).click();
    await gate.open();
    const upload = await readyAndEqual(page, name, text);
    check(upload.uid !== uid, "another upload");
    check(await isGone(uid), "the old upload is gone from the server");
  },

  "upload: the keyboard stays in its row when a button goes away under it": async (visitor) => {
    const { page, gate, name } = await withOnePiece(visitor(), "focus");
    const action = () => page.evaluate(() => document.activeElement.dataset.action);
    await row(page, name).locator('[data-action="pause"]').focus();
    await page.keyboard.press("Enter");
    await until(async () => (await action()) === "resume", "the focus is at Resume");
    await page.keyboard.press("Enter");
    await until(async () => (await action()) === "pause", "the focus is at Pause again");
    await row(page, name).locator('[data-action="cancel"]').focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Cancel upload" }).focus();
    await page.keyboard.press("Enter");
    await phase(page, name, "cancelled");
    const inRow = (wanted) => document.activeElement.closest(".row")?.dataset.name === wanted;
    await until(() => page.evaluate(inRow, name), "the focus is in the row of what was cancelled");
    await gate.open();
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
          if (button.ariaDisabled === "true") return false;
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
    await page.locator('[data-all="resume"]').focus();
    await page.keyboard.press("Enter");
    for (const name of names) await word(page, name, "Ready");
    // There is nothing to resume any more, and the focus is still there.
    same(await page.evaluate(() => document.activeElement.dataset.all), "resume", "focus");
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
};
