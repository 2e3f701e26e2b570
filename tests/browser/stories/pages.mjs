// SPDX-License-Identifier: MIT
import { axe, check, csvWithDates, get, kUrl, makeDataset, request, same, tabTo, unique, until, upload } from "../support.mjs";

const uploaded = async (...how) => (await upload(...how)).split("/").pop();

async function team(csv) {
  const answer = await request("POST", "/team?dry_run=1", { body: csv, headers: { "Content-Type": "text/csv" } });
  return (await answer.json()).uid;
}

const inState = (path, state) => until(async () => (await get(path)).state === state, `${path} ${state}`);
const isChecked = (uid) => until(async () => (await get(`/team/${uid}`)).team_import.checked, `check of ${uid}`);

/** Checked and created, one after the other: a check holds as long as no team has changed. */
async function createTeam(row) {
  const uid = await team(`team,name,email\n${row}\n`);
  await isChecked(uid);
  same((await request("POST", `/team/${uid}/commit`, { json: {} })).status, 202, "commit");
  await inState(`/team/${uid}`, "succeeded");
  return uid;
}

const jobOf = (uid, state) =>
  until(async () => {
    const job = (await get(`/upload/${uid}`)).job;
    return job?.state === state ? job.uid : null;
  }, `the job of ${uid} ${state}`);

/** Each page in each of its main states: its address, the sign that its data is drawn, and what is done before the look. */
async function everyPage() {
  const made = await makeDataset(unique("pages"), `${csvWithDates(30)}31,2016-03-01\n`);
  const dataset = made.dataset.uid;
  const exported = (await (await request("POST", "/export", { json: { dataset } })).json()).uid;
  const member = (name) => `${unique(name)},Pat,pat-${unique("x")}@example.org`;
  const checked = await team(`team,name,email\n${member("Pages")}\n,Nobody,nobody\n`);
  const unknown = await team("Wer,Was\n1,2\n");
  const rows = (from, to) => Array.from({ length: to - from }, (_, at) => `${from + at};2016-01-${10 + (at % 20)};x`);
  const twoTables = await uploaded(["id;day;note", ...rows(1, 40), "id;day;note", ...rows(100, 130), ""].join("\n"), {
    filename: "two-tables.csv",
    load: "review",
  });
  const waiting = await uploaded("a;b\n1;2\n", { filename: "waits.csv", load: "review" });
  const broken = await uploaded(`\x89PNG\r\n\x1a\n${"\0\x01\x02".repeat(2000)}`, { filename: "picture.csv" });
  await upload("a,b\n1,2\n", { filename: "half.csv" }, 1_000_000);
  await inState(`/export/${exported}`, "succeeded");
  await inState(`/team/${unknown}`, "failed");
  await isChecked(checked);
  const created = await createTeam(member("Made"));
  const taken = await createTeam(member("Taken"));
  const undo = (await (await request("POST", `/team/${taken}/undo`)).json()).uid;
  await inState(`/team/${undo}`, "succeeded");
  await jobOf(waiting, "paused");
  await jobOf(twoTables, "paused");
  const failed = await jobOf(broken, "failed");
  const group = (await get("/team/groups?limit=1")).items[0].uid;
  const press = (name) => (page) => page.getByRole("button", { name }).first().click();
  const trySecond = async (page) => {
    await press("Show the second table")(page);
    await page.locator("#preview tbody td").getByText("100", { exact: true }).waitFor();
  };
  const choose = async (page) => {
    const file = { name: `${unique("chosen")}.csv`, mimeType: "text/csv", buffer: Buffer.from(csvWithDates(20)) };
    await page.setInputFiles("#files", file);
    await page.locator(`.row[data-name="${file.name}"][data-word="Ready"]`).waitFor();
  };
  const showTop = async (page) => {
    await page.locator('[data-top="2"]').click();
    await page.locator(".top-values li").first().waitFor();
  };
  const settings = async (page) => {
    const secret = page.locator('#all-settings [data-setting$="DB_WEB_PASSWORD"]');
    await secret.getByText("•••• (set)").waitFor();
    const text = await page.locator("#settings").innerText();
    check(!text.includes("/"), `no path is among the settings: ${text}`);
  };
  return [
    ["/", "#samples"],
    ["/upload", '.row[data-word="Interrupted"]'],
    ["/upload", '.row[data-word="Interrupted"]', press("Delete: half.csv")],
    ["/upload", ".row", choose],
    [`/upload/${made.upload.uid}`, "#review-title"],
    [`/upload/${twoTables}`, "#second-table", trySecond],
    [`/upload/${waiting}`, "#review-title"],
    [`/upload/${broken}`, ".chip.bad"],
    ["/team", ".rows .row"],
    [`/team/${checked}`, "#team-rows"],
    [`/team/${created}`, "#result"],
    [`/team/${created}`, "#result", press("Remove what this import created")],
    [`/team/${undo}`, "#undo-done"],
    [`/team/${taken}`, "#undone"],
    [`/team/${unknown}`, "#match-team"],
    ["/team/groups", ".card"],
    [`/team/groups/${group}`, "tbody tr"],
    ["/export", "#estimate"],
    [`/export/${exported}`, '[data-action="download"]'],
    ["/datasets", "#datasets"],
    ["/datasets?search=nothing-is-called-so", ".empty"],
    [`/datasets/${dataset}`, "#rows"],
    [`/datasets/${dataset}`, "#rows", press("Delete")],
    [`/datasets/${dataset}?column=day&least=2016-01-05`, "#filter-least"],
    [`/datasets/${dataset}?column=note&equals=none`, "#filter-equals"],
    [`/datasets/${dataset}?show=columns`, "#columns", showTop],
    [`/datasets/${dataset}?show=rejects`, ".reject-codes"],
    [`/datasets/${dataset}?show=imports`, ".rows .row"],
    [`/datasets/${dataset}?show=imports`, ".rows .row", press("Undo this import")],
    ["/jobs", "#jobs .row", (page) => page.locator("#jobs input").first().check()],
    [`/jobs/${exported}`, "#events li"],
    [`/jobs/${failed}`, "#events li"],
    ["/jobs/00000000-0000-4000-8000-000000000000", ".notice"],
    ["/status", "#settings", settings],
    ["/nothing", "h1"],
  ];
}

const kWide = { width: 1280, height: 800 };
/** The same elements in other colours, or in other places: only these rules can find something else. */
const kColours = ["color-contrast", "link-in-text-block"];
const kPlaces = ["target-size", "scrollable-region-focusable", "aria-hidden-focus", "empty-table-header", "label"];
/** Bytes as they are sent, with what a page loads late. */
const kScriptBudget = 60_000;
const kStyleBudget = 15_000;
const kNarrow = { width: 375, height: 720 };

export const stories = {
  "pages: axe finds nothing in light, in dark and at 375 px": async (visitor) => {
    const pages = await everyPage();
    const visit = visitor({ viewport: kWide });
    const found = [];
    for (const [path, sign, act] of pages) {
      const page = await visit.open(path);
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize(kWide);
      await page.locator(sign).first().waitFor();
      // What is folded away is part of the page.
      await page.evaluate(() => {
        for (const one of document.querySelectorAll("details")) one.open = true;
      });
      await act?.(page);
      const note = (how, list) => found.push(...list.map((one) => `${path} (${how}) ${one}`));
      note("light", await axe(page));
      await page.emulateMedia({ colorScheme: "dark" });
      note("dark", await axe(page, kColours));
      await page.setViewportSize(kNarrow);
      note("375 px", await axe(page, [...kColours, ...kPlaces]));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) found.push(`${path} is ${over} px too wide`);
    }
    same(found, [], "accessibility");
  },

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

  "pages: the keyboard stays at a job whose button goes away under it": async (visitor) => {
    const uid = await jobOf(await uploaded("a;b\n1;2\n", { filename: "focus.csv", load: "review" }), "paused");
    const page = await visitor().open(`/jobs/${uid}`);
    await page.locator('[data-action="cancel"]').focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Cancel job" }).focus();
    await page.keyboard.press("Enter");
    await page.locator('[data-state="cancelled"]').waitFor();
    const inJob = () => document.activeElement.closest("[data-state]") !== null;
    await until(() => page.evaluate(inJob), "the focus is at the job that was cancelled");
  },

  "pages: by keyboard alone from a file of members to teams": async (visitor) => {
    const name = unique("Keys");
    const visit = visitor();
    const page = await visit.open("/team");
    const chooser = page.waitForEvent("filechooser");
    await tabTo(page, "Choose a CSV file");
    await page.keyboard.press("Enter");
    const member = `${name},Kim,kim-${unique("k")}@example.org`;
    await (await chooser).setFiles(visit.file("keys.csv", `team,name,email\n${member}\n,Nobody,nobody\n`));
    await page.locator('[data-step="2"]').waitFor();
    await tabTo(page, "Create 1 member");
    await page.keyboard.press("Enter");
    await page.locator("#result").waitFor();
    await tabTo(page, "Teams and members");
    await page.keyboard.press("Enter");
    await page.locator(`tr[data-team="${name}"]`).waitFor();
  },

  "pages: a dataset says which cell keeps a column from being dates": async (visitor) => {
    const csv = csvWithDates(50).replace("2016-01-20", "2016-02-30");
    const { dataset } = await makeDataset(unique("odd"), csv);
    const page = await visitor().open(`/datasets/${dataset.uid}`);
    const told = await page.locator("[data-notice]").allTextContents();
    same(told.length, 1, "notices");
    check(told[0].includes('Column day stays text because of "2016-02-30" in line 19:'), told[0]);
    same(await axe(page), [], "axe");
  },

  "pages: by keyboard alone from a dataset to the file of an export": async (visitor) => {
    const { dataset } = await makeDataset(unique("keys"), csvWithDates(20));
    const visit = visitor();
    const page = await visit.open(`/datasets/${dataset.uid}`);
    await page.locator("#rows").waitFor();
    await page.locator("main").focus();
    await tabTo(page, "Export");
    await page.keyboard.press("Enter");
    await page.locator(`#export-form[data-dataset="${dataset.uid}"]`).waitFor();
    await tabTo(page, "Start export");
    await page.keyboard.press("Enter");
    const link = page.locator("#exports .row", { hasText: dataset.name }).locator('[data-action="download"]');
    await link.waitFor();
    const download = page.waitForEvent("download");
    await tabTo(page, await link.getAttribute("aria-label"));
    await page.keyboard.press("Enter");
    check((await download).suggestedFilename().endsWith(".csv"), "a CSV file is downloaded");
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

  "pages: rows are filtered by a column, and what is counted of columns and rejects is shown": async (visitor) => {
    const others = [301, 302, 303].map((id) => `${id},2016-03-01,,none\n`);
    const rejected = [304, 305].map((id) => `${id},2016-03-01,1,x,y,z\n`);
    const csv = `${csvWithDates(300)}${[...rejected, ...others].join("")}`;
    const { upload, dataset } = await makeDataset(unique("filter"), csv);
    const visit = visitor();
    const page = await visit.open(`/datasets/${dataset.uid}`);
    const rows = page.locator("#rows tbody tr");
    await rows.nth(49).waitFor();
    await page.locator("#filter-column").selectOption("id");
    await page.locator("#filter-equals").fill("42");
    await page.keyboard.press("Enter");
    await until(async () => (await rows.count()) === 1, "one row");
    same(await rows.first().locator("td").first().innerText(), "42", "the row");
    await page.locator("#filter-column").selectOption("day");
    await page.locator("#filter-how").selectOption("range");
    await page.locator("#filter-least").fill("2016-02-01");
    await page.keyboard.press("Enter");
    await page.locator("#filter-greatest").fill("2016-02-10");
    await page.keyboard.press("Enter");
    await until(async () => (await rows.count()) === 10, "ten days");
    await page.reload();
    await until(async () => (await rows.count()) === 10, "the same ten after a reload: they are in the address");
    await page.locator("#filter-column").selectOption("amount");
    await page.locator("#filter-how").selectOption("null");
    await until(async () => (await rows.count()) === 3, "the rows without an amount");
    await page.locator("#filter-column").selectOption("note");
    await page.locator("#filter-equals").fill("there is no such note");
    await page.keyboard.press("Enter");
    await page.getByText("No row is so.").waitFor();
    await page.locator('[data-view="columns"]').click();
    const amount = page.locator("#columns tr", { hasText: "amount" });
    await amount.getByText("1.0%").waitFor();
    await page.locator("#columns tr", { hasText: "id" }).getByText("about 3").first().waitFor();
    const asked = [];
    page.on("request", (one) => asked.push(new URL(one.url()).pathname));
    const topOf = async (column) => {
      await page.getByRole("button", { name: `Show top values of ${column}` }).click();
      const first = page.locator(".top-values li").first();
      await first.waitFor();
      const text = (await first.innerText()).split(/\s+/);
      await page.getByRole("button", { name: `Hide top values of ${column}` }).click();
      await page.locator(".top-values").waitFor({ state: "detached" });
      return text;
    };
    same(await topOf("amount"), ["NULL", "3", "1.0%"], "most frequent amount");
    same(await topOf("note"), ["none", "3", "1.0%"], "most frequent note");
    const tops = asked.filter((path) => path.endsWith("/top")).map((path) => path.split("/").at(-2));
    same(tops, ["3", "4"], "columns of which the values were asked for");
    await page.locator('[data-view="rejects"]').click();
    for (const path of [null, `/upload/${upload.uid}`]) {
      if (path) await page.goto(kUrl + path);
      const codes = page.locator(".reject-codes li");
      await codes.first().waitFor();
      same(await codes.allInnerTexts(), ["2 too many fields"], `rejects by reason at ${path ?? "the dataset"}`);
    }
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

  "pages: nothing comes from elsewhere, and scripts and styles keep to their budgets": async (visitor) => {
    const { upload, dataset } = await makeDataset(unique("budget"), csvWithDates(5));
    const visit = visitor();
    const page = await visit.open("/");
    const asked = [];
    page.on("request", (one) => asked.push(new URL(one.url()).origin));
    const own = [`/upload/${upload.uid}`, `/datasets/${dataset.uid}`, `/jobs/${upload.job.uid}`];
    const sizes = {};
    for (const path of ["/", "/upload", "/team", "/export", "/datasets", "/jobs", "/status", ...own]) {
      await page.goto(kUrl + path);
      await page.locator("main h1").waitFor();
      await page.waitForLoadState("networkidle").catch(() => {});
      sizes[path] = await page.evaluate(() => {
        const found = performance.getEntriesByType("resource");
        const of = (ending) =>
          found.filter((one) => one.name.endsWith(ending)).reduce((sum, one) => sum + one.encodedBodySize, 0);
        return { script: of(".js"), style: of(".css") };
      });
      const { script, style } = sizes[path];
      check(script > 5000 && script <= kScriptBudget, `${path} loads ${script} bytes of script`);
      check(style > 1000 && style <= kStyleBudget, `${path} loads ${style} bytes of style`);
    }
    check(sizes["/upload"].script > sizes["/jobs"].script + 20_000, "the part that sends is counted");
    same([...new Set(asked)], [new URL(kUrl).origin], "origins of all requests");
  },
};
