// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { check, get, kUrl, request, same, unique, until } from "../support.mjs";

const person = (name) => `${name}@example.org`;

async function groupNamed(name) {
  for (let cursor = ""; ; ) {
    const page = await get(`/team/groups?limit=100${cursor}`);
    const found = page.items.find((one) => one.name === name);
    if (found || !page.next) return found;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

export const stories = {
  "team: a file with mistakes is checked, mended by leaving rows out, and created": async (visitor) => {
    const blue = unique("Blue");
    const red = unique("Red");
    const csv = [
      "team,name,email,role",
      `${blue},Ada Lovelace,${person(unique("ada"))},admin`,
      `${blue},Bob,not an address,member`,
      `${red},Eve,${person(unique("eve"))},captain`,
      `${red},Zoe,${person(unique("zoe"))},`,
      "",
    ].join("\n");
    const visit = visitor();
    const page = await visit.open("/team");
    await page.setInputFiles("#team-file", visit.file("members.csv", csv));
    await page.locator('[data-step="2"]').waitFor();
    same(await groupNamed(blue), undefined, "nothing is written by the check");
    same(await page.locator('[data-tile="error"] b').innerText(), "2", "rows with errors");
    same(await page.locator('[data-tile="created"] b').innerText(), "2", "members to create");
    await page.locator("#team-rows tbody tr").nth(1).waitFor();
    same(
      await page.locator("#team-rows tbody tr").evaluateAll((rows) => rows.map((one) => one.dataset.row)),
      ["2", "3"],
      "rows with errors by their number in the file",
    );

    const [report] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download the report" }).click(),
    ]);
    const lines = readFileSync(await report.path(), "utf8").trimEnd().split(/\r?\n/);
    same(lines.length, 5, "lines of the report");
    for (const name of ["_row", "_status", "_error"]) check(lines[0].includes(name), `${name} in ${lines[0]}`);

    await page.getByLabel("All or nothing").check();
    check(await page.locator("#create").isDisabled(), "all or nothing creates nothing while there are errors");
    await page.getByLabel("Create the good rows").check();
    await page.getByRole("button", { name: "Create 2 members" }).click();
    await page.locator("#result").waitFor();
    await page.getByRole("link", { name: "Teams and members" }).click();
    await page.locator(`tr[data-team="${blue}"] a`).click();
    await page.getByText("Ada Lovelace").waitFor();
    const group = await groupNamed(red);
    same((await get(`/team/groups/${group.uid}`)).members.map((one) => one.role), ["member"], "members of Red");
  },

  "team: the same file again changes nothing, and says so": async (visitor) => {
    const team = unique("Green");
    const csv = `email,team,name\n${person(unique("gil"))},${team},Gil\n${person(unique("gwen"))},${team},Gwen\n`;
    const visit = visitor();
    const page = await visit.open("/team");
    await page.getByText("Or paste the rows").click();
    await page.locator("#pasted").fill(csv);
    await page.getByRole("button", { name: "Check these rows" }).click();
    await page.getByRole("button", { name: "Create 2 members" }).click();
    await page.locator("#result").waitFor();
    await page.goto(`${kUrl}/team`);
    await page.setInputFiles("#team-file", visit.file("again.csv", csv));
    await page.locator('[data-step="2"]').waitFor();
    same(await page.locator('[data-tile="unchanged"] b').innerText(), "2", "unchanged members");
    await page.getByText("Everything in this file exists already").waitFor();
    same(await page.locator("#create").count(), 0, "nothing to create");
  },

  "team: the report is mended and chosen again, as it is": async (visitor) => {
    const team = unique("Amber");
    const csv = `team,name,email\n${team},Ann,${person(unique("ann"))}\n${team},Ben,ben at example\n`;
    const visit = visitor();
    const page = await visit.open("/team");
    await page.setInputFiles("#team-file", visit.file("mend.csv", csv));
    await page.getByRole("button", { name: "Create 1 member" }).click();
    await page.locator("#result").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download the report" }).click(),
    ]);
    const report = readFileSync(await download.path(), "utf8");
    const address = person(unique("ben"));
    check(report.includes("ben at example"), report);
    await page.getByRole("link", { name: "Another file" }).click();
    await page.setInputFiles("#team-file", visit.file("mended.csv", report.replace("ben at example", address)));
    await page.locator('[data-step="2"]').waitFor();
    same(await page.locator('[data-tile="unchanged"] b').innerText(), "1", "members who are there already");
    await page.getByRole("button", { name: "Create 1 member" }).click();
    await page.locator("#result").waitFor();
    const group = await groupNamed(team);
    same((await get(`/team/groups/${group.uid}`)).member_count, 2, "members of the team");
  },

  "team: columns that are not known by their names are matched by hand": async (visitor) => {
    const team = unique("Grün");
    const csv = `Gruppe;Wer;Kontakt\n${team};Jörg;${person(unique("joerg"))}\n`;
    const visit = visitor();
    const page = await visit.open("/team");
    await page.setInputFiles("#team-file", visit.file("gruppen.csv", csv));
    await page.getByText("The columns team and email are missing").waitFor();
    await page.locator("#match-team").selectOption({ label: `Gruppe – ${team}` });
    check(await page.locator("#match-check").isDisabled(), "team and e-mail are needed");
    await page.locator("#match-email").selectOption("Kontakt");
    await page.locator("#match-name").selectOption("Wer");
    await page.locator("#match-check").click();
    await page.getByRole("button", { name: "Create 1 member" }).click();
    await page.locator("#result").waitFor();
    const group = await groupNamed(team);
    same((await get(`/team/groups/${group.uid}`)).members.map((one) => one.name), ["Jörg"], "members");
  },

  "team: what an import created is removed again": async (visitor) => {
    const team = unique("Undo");
    const csv = `team,name,email\n${team},Uma,${person(unique("uma"))}\n`;
    const visit = visitor();
    const page = await visit.open("/team");
    await page.setInputFiles("#team-file", visit.file("undo.csv", csv));
    await page.getByRole("button", { name: "Create 1 member" }).click();
    await page.locator("#undo").click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove it" }).click();
    await page.locator("#undo-done").getByText("1 membership and 1 team removed").waitFor();
    same(await groupNamed(team), undefined, "the team is gone");
    await page.getByRole("link", { name: "The import that is taken back" }).click();
    await page.locator("#undone").waitFor();
  },

  "team: a file of more than 16 MiB goes up in pieces": async (visitor) => {
    const team = unique("Large");
    const note = "x".repeat(8000);
    const member = (at) => `${team},Member ${at},m${at}-${team.toLowerCase()}@example.org,${note}`;
    const lines = Array.from({ length: 2200 }, (_, at) => member(at));
    const csv = `team,name,email,note\n${lines.join("\n")}\n`;
    check(csv.length > 16 * 1024 * 1024, "the file is long");
    const visit = visitor();
    const page = await visit.open("/team");
    const offsets = [];
    page.on("request", (one) => one.method() === "PATCH" && offsets.push(one.headers()["upload-offset"]));
    await page.setInputFiles("#team-file", visit.file("large.csv", csv));
    await page.getByRole("button", { name: "Create 2,200 members" }).waitFor();
    check(offsets.length >= 2, `pieces: ${offsets}`);
    same(await page.locator("#team-rows").count(), 1, "rows of the review");
  },

  "team: a check is at its own address after a reload": async (visitor) => {
    const visit = visitor();
    const page = await visit.open("/team");
    const csv = `team,name,email\n${unique("Grey")},Gus,${person(unique("gus"))}\n`;
    await page.setInputFiles("#team-file", visit.file("later.csv", csv));
    await page.locator('[data-step="2"]').waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Create 1 member" }).waitFor();
    const uid = page.url().split("/").pop();
    const answer = await request("GET", `/team/${uid}`);
    same(answer.status, 200, "the same address gives the JSON");
    await until(() => page.locator("#team-rows tbody tr").count(), "rows");
  },
};
