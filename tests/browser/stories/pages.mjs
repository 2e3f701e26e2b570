// SPDX-License-Identifier: MIT
import { AxeBuilder, check, csvWithDates, get, kUrl, makeDataset, request, same, unique, until } from "../support.mjs";

/** Each page and one of each thing, with the sign that its data is drawn. */
async function everyPage() {
  const csv = `${csvWithDates(30)}31,2016-03-01\n`;
  const { upload, dataset } = await makeDataset(unique("pages"), csv);
  const started = await request("POST", "/export", { json: { dataset: dataset.uid } });
  const exported = (await started.json()).uid;
  const team = `team,name,email\n${unique("Pages")},Pat,pat-${unique("x")}@example.org\n,Nobody,nobody\n`;
  const checked = await request("POST", "/team?dry_run=1", { body: team, headers: { "Content-Type": "text/csv" } });
  const checkUid = (await checked.json()).uid;
  await until(async () => (await get(`/export/${exported}`)).state === "succeeded", "the export");
  await until(async () => (await get(`/team/${checkUid}`)).team_import.checked, "the check of the team file");
  return [
    ["/", "#samples"],
    ["/upload", ".row"],
    [`/upload/${upload.uid}`, "#review-title"],
    ["/team", ".rows .row"],
    [`/team/${checkUid}`, "#team-rows"],
    ["/team/groups", ".card"],
    ["/export", "#export-form"],
    [`/export/${exported}`, '[data-action="download"]'],
    ["/datasets", "#datasets"],
    [`/datasets/${dataset.uid}`, "#rows"],
    [`/datasets/${dataset.uid}?show=columns`, "#columns"],
    [`/datasets/${dataset.uid}?show=rejects`, ".card"],
    ["/jobs", "#jobs .row"],
    [`/jobs/${exported}`, "#events li"],
    ["/status", "[data-check]"],
    ["/nothing", "h1"],
  ];
}

/** All rules in light; in dark the page is the same but for its colours. */
async function accessible(visitor, viewport) {
  const pages = await everyPage();
  const visit = visitor({ viewport, colorScheme: "light" });
  const found = [];
  const note = (path, scheme, result) => {
    for (const one of result.violations) {
      found.push(`${path} (${scheme}) ${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
    }
  };
  for (const [path, sign] of pages) {
    const page = await visit.open(path);
    await page.emulateMedia({ colorScheme: "light" });
    await page.locator(sign).first().waitFor();
    const all = new AxeBuilder({ page });
    note(path, "light", await all.withTags([...kTags, "best-practice"]).analyze());
    await page.emulateMedia({ colorScheme: "dark" });
    note(path, "dark", await new AxeBuilder({ page }).withRules(["color-contrast", "link-in-text-block"]).analyze());
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) found.push(`${path} is ${over} px too wide`);
  }
  same(found, [], "accessibility");
}

const kTags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const kWide = { width: 1280, height: 800 };
const kNarrow = { width: 375, height: 720 };

export const stories = {
  "pages: axe finds nothing, light and dark": (visitor) => accessible(visitor, kWide),
  "pages: axe finds nothing at 375 px, light and dark": (visitor) => accessible(visitor, kNarrow),

  "pages: the back button shows the page, not the JSON": async (visitor) => {
    const { upload, dataset } = await makeDataset(unique("back"), csvWithDates(5));
    const visit = visitor();
    const page = await visit.open("/upload");
    for (const path of ["/export", "/team", "/datasets", `/datasets/${dataset.uid}`, `/upload/${upload.uid}`, "/jobs"]) {
      await page.goto(kUrl + path);
      await page.locator("main h1").waitFor();
      // The page has asked for its own address as JSON by now.
      await page.waitForLoadState("networkidle").catch(() => {});
      await page.goto(`${kUrl}/status`);
      await page.locator("#sentence").waitFor();
      await page.goBack();
      same(await page.evaluate(() => document.contentType), "text/html", `${path} after going back`);
      await page.locator("header nav").waitFor();
      same(new URL(page.url()).pathname, path, "address after going back");
    }
  },

  "pages: by keyboard alone to the content and through a dialog": async (visitor) => {
    const { dataset } = await makeDataset(unique("keys"), csvWithDates(5));
    const visit = visitor();
    const page = await visit.open(`/datasets/${dataset.uid}`);
    await page.locator("#rows").waitFor();
    await page.keyboard.press("Tab");
    same(await page.evaluate(() => document.activeElement.textContent), "Skip to the content", "first stop");
    await page.keyboard.press("Enter");
    same(await page.evaluate(() => document.activeElement.id), "main", "focus after the skip link");
    const opener = page.getByRole("button", { name: "Delete" });
    await opener.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    check(
      await page.getByRole("dialog").getByRole("button", { name: "Delete dataset" }).isDisabled(),
      "its name has to be typed",
    );
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    same(await page.evaluate(() => document.activeElement.textContent.trim()), "Delete", "focus is back at its opener");
  },

  "pages: the focus stays where it is when the list is drawn anew": async (visitor) => {
    const first = await makeDataset(unique("focus"), csvWithDates(5));
    const visit = visitor();
    const page = await visit.open("/upload");
    const link = page.locator(`.row[data-uid="${first.upload.uid}"] [data-action="open"]`);
    await link.focus();
    const second = await makeDataset(unique("focus"), csvWithDates(5));
    await page.locator(`.row[data-uid="${second.upload.uid}"][data-word="Ready"]`).waitFor();
    check(await link.evaluate((element) => element === document.activeElement), "the focus has not moved");
  },

  "pages: everything works by the sample, from the first page on": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/");
    await page.getByRole("link", { name: "Upload the sample" }).click();
    await page.locator('.row[data-name="sales-sample.csv"][data-word="Ready"]').first().waitFor();
    await page.locator('.row[data-name="sales-sample.csv"] [data-action="open"]').first().click();
    await page.getByText("1,000 rows").waitFor();
    await page.getByRole("link", { name: "Export" }).last().click();
    await page.locator("#export-form").waitFor();
    same(await page.locator("#from").inputValue(), "2016-01-03", "From");
  },

  "pages: a job tells its history, and what is not there says so": async (visitor) => {
    const { upload } = await makeDataset(unique("history"), csvWithDates(5));
    const visit = visitor();
    const page = await visit.open(`/jobs/${upload.job.uid}`);
    await page.locator('#events [data-event="queued"]').waitFor();
    await page.locator('[data-state="succeeded"]').waitFor();
    await page.goto(`${kUrl}/jobs/00000000-0000-4000-8000-000000000000`);
    await page.getByText("There is nothing at this address").waitFor();
  },

  "pages: what is refused is a page for people and JSON for programs": async (visitor) => {
    const { dataset } = await makeDataset(unique("refused"), csvWithDates(5));
    const started = await request("POST", "/export", { json: { dataset: dataset.uid } });
    const uid = (await started.json()).uid;
    await until(async () => (await get(`/export/${uid}`)).state === "succeeded", "the export");
    same((await request("DELETE", `/export/${uid}`)).status, 204, "DELETE");
    const visit = visitor();
    const page = await visit.open("/");
    for (const [path, status, sentence] of [
      ["/nothing", 404, "There is nothing at this address."],
      ["/upload/00000000-0000-4000-8000-000000000000/file", 404, "There is nothing at this address."],
      [`/export/${uid}/file`, 410, "This is gone: it was deleted, or its time is over."],
      ["/jobs/x/events", 404, "There is nothing at this address."],
    ]) {
      const answer = await page.goto(kUrl + path);
      same(answer.status(), status, `${path} as a page`);
      same(await page.locator("h1").innerText(), sentence, `heading of ${path}`);
      await page.getByRole("link", { name: "To the first page" }).waitFor();
      const program = await request("GET", path, { headers: { Accept: "*/*" } });
      same(program.status, status, `${path} for a program`);
      same(program.headers.get("content-type"), "application/problem+json", `type of ${path}`);
    }
  },

  "pages: nothing comes from elsewhere": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/");
    const asked = [];
    page.on("request", (one) => asked.push(new URL(one.url()).origin));
    for (const path of ["/", "/upload", "/team", "/export", "/datasets", "/jobs", "/status"]) {
      await page.goto(kUrl + path);
      await page.locator("main h1").waitFor();
    }
    same([...new Set(asked)], [new URL(kUrl).origin], "origins of all requests");
  },
};
