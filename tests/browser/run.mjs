// SPDX-License-Identifier: MIT
// Runs the stories in headless Chromium against the stack at SLUICE_TEST_URL:
//   node tests/browser/run.mjs [part of a story's name]…
// SLUICE_TEST_STORIES: the folder of the stories, when it is not the one beside this file.
// Prints one line a story and, last, "N passed, N failed".
import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { kUrl, launch, Visit } from "./support.mjs";

if (!kUrl) {
  console.error("SLUICE_TEST_URL is not set: the address of a running stack, e.g. http://127.0.0.1:8081");
  process.exit(2);
}

const elsewhere = process.env.SLUICE_TEST_STORIES;
const folder = elsewhere ? pathToFileURL(`${elsewhere}/`) : new URL("./stories/", import.meta.url);
const wanted = process.argv.slice(2);
const stories = [];
for (const file of readdirSync(folder).sort()) {
  const part = await import(new URL(file, folder));
  for (const [name, story] of Object.entries(part.stories)) {
    if (wanted.length === 0 || wanted.some((text) => name.includes(text))) stories.push({ name, story });
  }
}

const browser = await launch();

let passed = 0;
let failed = 0;
for (const { name, story } of stories) {
  const visits = [];
  const visit = (options) => {
    const one = new Visit(browser, options);
    visits.push(one);
    return one;
  };
  const start = performance.now();
  let fault = null;
  let told;
  try {
    told = await story(visit);
    const faults = visits.flatMap((one) => one.faults);
    if (faults.length > 0) fault = new Error(`the page complained: ${faults.join("; ")}`);
  } catch (caught) {
    fault = caught;
    for (const [index, one] of visits.entries()) {
      const shot = await one.shoot(`${name.replace(/[^a-z0-9]+/gi, "-")}-${index + 1}`).catch(() => null);
      if (shot) fault.message += `\n--- a picture of it: ${shot} ---`;
      const text = await one.page
        ?.locator("main")
        .innerText({ timeout: 2000 })
        .catch(() => "");
      if (text) fault.message += `\n--- the page showed ---\n${text.slice(0, 2000)}`;
      if (one.faults.length > 0) fault.message += `\n--- it complained ---\n${one.faults.join("\n")}`;
    }
  }
  for (const one of visits) await one.close().catch(() => {});
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (fault) {
    failed += 1;
    console.log(`FAILED ${name} (${seconds} s): ${fault.stack ?? fault}\n${fault.message}`);
  } else {
    passed += 1;
    console.log(`ok ${name} (${seconds} s)${told ? `: ${told}` : ""}`);
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
