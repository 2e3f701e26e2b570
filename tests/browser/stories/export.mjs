// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { check, csvWithDates, get, kUrl, makeDataset, request, same, sha256, unique, until } from "../support.mjs";

const rowOf = (page, uid) => page.locator(`#exports .row[data-uid="${uid}"]`);

/** Presses the button and gives the uid that the server answered with. */
async function start(page) {
  const answered = page.waitForResponse(
    (one) => one.request().method() === "POST" && new URL(one.url()).pathname === "/export",
  );
  await page.locator("#start").click();
  const answer = await answered;
  same(answer.status(), 202, `POST /export: ${answer.status() === 202 ? "" : await answer.text()}`);
  return (await answer.json()).uid;
}

/**
 * An export that rests before its end, whatever the speed of the machine: several are started, and paused at once; one
 * that was faster than the wish is of no use, the next one has more work in front of it.
 */
async function rested(page, dataset) {
  for (let round = 1; round <= 6; round += 1) {
    for (let filler = 0; filler < 25 * (round - 1); filler += 1) {
      await request("POST", "/export", { json: { dataset, compression: "gzip" } });
    }
    const uid = await start(page);
    await request("POST", `/export/${uid}/pause`);
    const one = await until(async () => {
      const found = await get(`/export/${uid}`);
      return found.state === "paused" || found.state === "succeeded" ? found : null;
    }, "the wish to be answered");
    if (one.state === "paused") return uid;
  }
  throw new Error("no export could be paused before its end");
}

export const stories = {
  "export: dates come from the data; the file has exactly the chosen days": async (visitor) => {
    const csv = csvWithDates(400);
    const { dataset } = await makeDataset(unique("days"), csv);
    const visit = visitor();
    const page = await visit.open(`/export?dataset=${dataset.uid}`);
    await page.locator(`#export-form[data-dataset="${dataset.uid}"]`).waitFor();
    same(await page.locator("#from").inputValue(), "2016-01-03", "From");
    same(await page.locator("#to").inputValue(), "2017-02-05", "To");
    await page.locator("#estimate").getByText(/400 rows/).waitFor();
    await page.locator("#from").fill("2016-02-01");
    await page.locator("#to").fill("2016-01-31");
    await page.getByText("From is after To.").waitFor();
    check(await page.locator("#start").isDisabled(), "no start with wrong dates");
    await page.locator("#to").fill("2016-02-29");
    await page.locator("#safe").uncheck();
    const uid = await start(page);
    const link = rowOf(page, uid).locator('[data-action="download"]');
    await link.waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    const found = readFileSync(await download.path(), "utf8");
    const [header, ...rows] = csv.trimEnd().split("\n");
    const expected = rows.filter((line) => /,2016-02-/.test(line));
    same(found.trimEnd().split(/\r?\n/), [header, ...expected], "the file");
    same((await get(`/export/${uid}`)).sha256, sha256(found), "SHA-256");
    same(await page.evaluate(() => document.contentType), "text/html", "the page stays a page");
  },

  "export: pause, resume and cancel from the page; a cancelled one has no file": async (visitor) => {
    const { dataset } = await makeDataset(unique("wishes"), csvWithDates(60_000, 100));
    const visit = visitor();
    const page = await visit.open(`/export?dataset=${dataset.uid}`);
    await page.locator(`#export-form[data-dataset="${dataset.uid}"]`).waitFor();

    const first = await rested(page, dataset.uid);
    await rowOf(page, first).locator('[data-action="resume"]').click();
    await rowOf(page, first).locator('[data-action="download"]').waitFor();
    same((await get(`/export/${first}`)).rows, 60_000, "rows after pause and resume");

    const second = await rested(page, dataset.uid);
    await rowOf(page, second).locator('[data-action="cancel"]').click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel export" }).click();
    await page.locator(`#exports .row[data-uid="${second}"][data-state="cancelled"]`).waitFor();
    const file = await request("GET", `/export/${second}/file`);
    check([404, 409, 410].includes(file.status), `no file of a cancelled export: ${file.status}`);
  },

  "export: one with the same settings that is under way is pointed to": async (visitor) => {
    const { dataset } = await makeDataset(unique("twice"), csvWithDates(60_000, 100));
    const visit = visitor();
    const page = await visit.open(`/export?dataset=${dataset.uid}`);
    await page.locator(`#export-form[data-dataset="${dataset.uid}"]`).waitFor();
    const uid = await rested(page, dataset.uid);
    await page.locator("#same-running").getByText(uid.slice(0, 8)).waitFor();
    await page.getByRole("button", { name: "Start another" }).waitFor();
    await page.locator("#to").fill("2016-12-31");
    await page.locator("#same-running").waitFor({ state: "detached" });
    await page.locator("#to").fill(dataset.columns[1].greatest.slice(0, 10));
    await page.locator("#same-running").getByRole("link", { name: "Open it" }).click();
    same(new URL(page.url()).pathname, `/export/${uid}`, "address of the other one");
    await request("DELETE", `/export/${uid}`);
  },

  "export: one has its own address and can be run again": async (visitor) => {
    const { dataset } = await makeDataset(unique("again"), csvWithDates(50));
    const visit = visitor();
    const page = await visit.open(`/export?dataset=${dataset.uid}`);
    await page.locator(`#export-form[data-dataset="${dataset.uid}"]`).waitFor();
    const uid = await start(page);
    await page.goto(`${kUrl}/export/${uid}`);
    await page.locator('[data-action="download"]').waitFor();
    await page.locator('[data-action="again"]').click();
    await page.waitForURL((url) => /\/export\/[0-9a-f-]{36}$/.test(url.pathname) && !url.pathname.endsWith(uid));
    await page.locator('[data-action="download"]').waitFor();
  },
};
