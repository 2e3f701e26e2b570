// SPDX-License-Identifier: MIT
// Uppy's Dashboard as it comes, on a page of another origin than the server's.
import { check, csvOfSize, Gate, kUrl, request, same, unique, until, uploadNamed } from "../../browser/support.mjs";
import { isLoaded, killPools } from "../support.mjs";

const kPage = process.env.SLUICE_TEST_PAGE;
const kKib = 1024;
const kChunk = 64 * kKib;

const open = (visit, chunk = "") =>
  visit.open(`${kPage}/?endpoint=${encodeURIComponent(`${kUrl}/upload`)}&chunk=${chunk}`);
const item = (page, name) => page.locator(".uppy-Dashboard-Item", { has: page.locator(`[title="${name}"]`) });
const pauseOrResume = (page) => page.locator(".uppy-StatusBar [data-cy=togglePauseResume]").click();
const start = (page) => page.locator(".uppy-StatusBar-actionBtn--upload").click();
const complete = (page) => page.getByText("Complete", { exact: true }).waitFor();

/** Adds files of those sizes to the Dashboard; gives [{name, text}]. */
async function add(visit, page, sizes) {
  const files = sizes.map((bytes) => ({ name: `${unique("uppy")}.csv`, text: csvOfSize(bytes) }));
  const paths = files.map((file) => visit.file(file.name, file.text));
  await page.locator(".uppy-Dashboard-input").first().setInputFiles(paths);
  await page.locator(".uppy-StatusBar-actionBtn--upload").waitFor();
  return files;
}

async function allLoaded(files) {
  for (const { name, text } of files) {
    const upload = await until(() => uploadNamed(name), `upload of ${name}`);
    await isLoaded(`${kUrl}/upload/${upload.uid}`, text);
  }
}

/** Files of which `chunks` are on the server, in all, while the next of each waits at the gate. */
async function underWay(visit, chunks, count = 1) {
  const page = await open(visit, kChunk);
  const gate = await new Gate("PATCH").on(page);
  const files = await add(visit, page, new Array(count).fill(600 * kKib));
  gate.letThrough(chunks);
  await start(page);
  await until(() => gate.held.length === count, "the next chunks");
  const uploads = await until(async () => {
    const all = await Promise.all(files.map((file) => uploadNamed(file.name)));
    return all.reduce((sum, one) => sum + one.offset, 0) === chunks * kChunk ? all : null;
  }, "chunks on the server");
  return { page, gate, files, uploads };
}

export const stories = {
  "uppy: many files, each in one PATCH": async (visitor) => {
    const visit = visitor();
    const page = await open(visit);
    const files = await add(visit, page, [0.1, 1, 3, 30, 300, 3000, 18_000].map((size) => Math.round(size * kKib)));
    await start(page);
    await complete(page);
    await allLoaded(files);
  },

  "uppy: pause and resume": async (visitor) => {
    const visit = visitor();
    const { page, gate, files, uploads } = await underWay(visit, 3);
    await pauseOrResume(page);
    await gate.open();
    await page.getByText("Paused").first().waitFor();
    const paused = await uploadNamed(files[0].name);
    check(paused.offset <= 4 * kChunk, `offset ${paused.offset} while paused`); // at most what had been on its way
    await pauseOrResume(page);
    await complete(page);
    same((await uploadNamed(files[0].name)).uid, uploads[0].uid, "upload");
    await allLoaded(files);
  },

  "uppy: one of two is cancelled, and gone on the server": async (visitor) => {
    const visit = visitor();
    const { page, gate, files, uploads } = await underWay(visit, 4, 2);
    const ended = page.waitForResponse((answer) => answer.request().method() === "DELETE");
    await item(page, files[0].name).locator(".uppy-Dashboard-Item-action--remove").click();
    same((await ended).status(), 204, "DELETE");
    await gate.open();
    await complete(page);
    const left = await request("GET", `/upload/${uploads[0].uid}`);
    check([404, 410].includes(left.status), `GET of ${files[0].name} after it: ${left.status}`);
    await allLoaded(files.slice(1));
  },

  "uppy: pools killed under it": async (visitor) => {
    const visit = visitor();
    const { page, gate, files } = await underWay(visit, 4);
    killPools();
    await gate.open();
    await complete(page);
    await allLoaded(files);
  },
};
