// SPDX-License-Identifier: MIT
// The live view: one tab asks for all, says when the server is away, and tells what ended while nobody looked.
import { check, csvWithDates, get, kUrl, makeDataset, request, same, unique, until } from "../support.mjs";

/** Counts the GETs of a page for one address from now on. */
function counted(page, path) {
  const asked = { number: 0 };
  page.on("request", (one) => {
    const url = new URL(one.url());
    if (one.method() === "GET" && url.pathname === path && one.resourceType() === "fetch") asked.number += 1;
  });
  return asked;
}

async function setHidden(page, hidden) {
  await page.evaluate((now) => {
    Object.defineProperty(document, "hidden", { value: now, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

export const stories = {
  "live: of two tabs one asks for both, and the other goes on when it is closed": async (visitor) => {
    const visit = visitor();
    const first = await visit.open("/jobs");
    const firstAsked = counted(first, "/jobs");
    await first.locator("#jobs .row, .empty").first().waitFor();
    const second = await visit.context.newPage();
    visit.watch(second);
    const secondAsked = counted(second, "/jobs");
    await second.goto(`${kUrl}/jobs`);
    await second.locator("#jobs .row, .empty").first().waitFor();
    const before = firstAsked.number;
    const { upload } = await makeDataset(unique("tabs"), csvWithDates(5));
    const line = `#jobs [data-uid="${upload.job.uid}"][data-state="succeeded"]`;
    await second.locator(line).waitFor();
    await until(() => firstAsked.number >= before + 2, "requests of the first tab");
    same(secondAsked.number, 1, "requests of the second tab: the one it was drawn with");
    await first.close();
    await until(() => secondAsked.number > 1, "requests of the second tab once it is alone");
  },

  "live: without the network the page says so, and goes on when it is back": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/jobs");
    await page.locator("#jobs .row, .empty").first().waitFor();
    await visit.context.setOffline(true);
    const banner = page.locator("#banner");
    await banner.getByText("This computer is offline. Nothing is lost").waitFor();
    await banner.getByText(/Trying again/).waitFor();
    const { upload } = await makeDataset(unique("offline"), csvWithDates(5));
    await visit.context.setOffline(false);
    await banner.waitFor({ state: "hidden" });
    await page.locator(`#jobs [data-uid="${upload.job.uid}"]`).waitFor();
  },

  "live: what ends in the background is told by title, sign, message and notice": async (visitor) => {
    const { dataset } = await makeDataset(unique("away"), csvWithDates(20));
    const visit = visitor();
    const page = await visit.open(`/export?dataset=${dataset.uid}`);
    // A browser without a screen never answers the question whether notices may be given.
    await page.addInitScript(() => {
      window.given = [];
      window.Notification = class {
        static permission = "default";
        static async requestPermission() {
          window.Notification.permission = "granted";
          return "granted";
        }
        constructor(title, options) {
          window.given.push(`${title}: ${options.body}`);
        }
      };
    });
    await page.reload();
    await page.locator("#export-form").waitFor();
    await page.getByRole("button", { name: "Notify me" }).click();
    await page.locator('[data-notify="on"]').waitFor();

    // The page sees the export at work once; then nobody looks.
    let hide = true;
    await page.route(/\/export\?limit=/, async (route) => {
      const answer = await route.fetch();
      const list = await answer.json().catch(() => null);
      for (const one of hide ? (list?.items ?? []) : []) if (one.dataset.uid === dataset.uid) one.state = "running";
      const { etag, ...headers } = answer.headers(); // what was changed here must not count as known
      await route.fulfill(list ? { response: answer, json: list, headers } : { response: answer });
    });
    const uid = (await (await request("POST", "/export", { json: { dataset: dataset.uid } })).json()).uid;
    await page.locator(`[data-uid="${uid}"][data-state="running"]`).waitFor();
    await until(async () => (await get(`/export/${uid}`)).state === "succeeded", "the end of the export");
    await setHidden(page, true);
    hide = false;
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await until(async () => (await page.title()).startsWith("(✓) "), "the title");
    check(/mark_done/.test(await page.locator('link[rel="icon"]').getAttribute("href")), "the sign of the tab");
    same(await page.evaluate(() => window.given), [`Sluice: Export ${dataset.name}: Done`], "notices");
    await setHidden(page, false);
    check(!(await page.title()).startsWith("("), "the title is plain again");
    const message = page.locator(".messages").getByRole("link", { name: `Export ${dataset.name}: Done` });
    await message.waitFor();
    await page.getByRole("button", { name: /^Dismiss/ }).click();
    await message.waitFor({ state: "detached" });
  },
};
