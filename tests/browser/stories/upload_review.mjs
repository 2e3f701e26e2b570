// SPDX-License-Identifier: MIT
import { check, csvOfSize, get, makeDataset, press, same, unique, until, word } from "../support.mjs";
import { kBig } from "../upload_steps.mjs";

export const stories = {
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
