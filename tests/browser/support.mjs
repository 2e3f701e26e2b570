// SPDX-License-Identifier: MIT
// What the stories share: a browser, files, the API as a second witness, and waiting for states.
import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// The packages are those of html/, so that one lock file pins everything.
const need = createRequire(new URL("../../html/package.json", import.meta.url));
export const { chromium } = need("playwright-core");
const kAxe = readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");

export const kUrl = process.env.SLUICE_TEST_URL?.replace(/\/$/, "");
/** Generous: a busy machine is slow, and nothing waits for time alone. */
export const kDeadlineMs = 90_000;
/** What the page sends first; then as much as the line takes in some seconds. */
export const kFirstPieceBytes = 1 << 20;

export class Failure extends Error {}

export function check(condition, what) {
  if (!condition) throw new Failure(what);
}

export function same(found, expected, what) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Failure(`${what}: found ${left}, expected ${right}`);
}

/** Calls `ask` until it gives something true, and returns that. A fault counts as "not yet". */
export async function until(ask, what, deadlineMs = kDeadlineMs) {
  const end = Date.now() + deadlineMs;
  let last;
  for (;;) {
    try {
      last = await ask();
      if (last) return last;
    } catch (fault) {
      last = fault;
    }
    if (Date.now() > end) throw new Failure(`${what}: not reached in ${deadlineMs} ms; last seen: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const sha256 = (data) => createHash("sha256").update(data).digest("hex");

/** A name that no other story and no earlier run has. */
export const unique = (stem) => `${stem}-${randomUUID().slice(0, 8)}`;

// --- the API

export async function request(method, path, { json, body, headers = {} } = {}) {
  return fetch(kUrl + path, {
    method,
    headers: { Accept: "application/json", ...(json ? { "Content-Type": "application/json" } : {}), ...headers },
    body: json ? JSON.stringify(json) : body,
  });
}

export async function get(path) {
  const answer = await request("GET", path);
  check(answer.ok, `GET ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

export async function bytesOf(path) {
  const answer = await request("GET", path, { headers: { Accept: "*/*" } });
  check(answer.ok, `GET ${path}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** The newest upload of that file name, or undefined. */
export async function uploadNamed(name) {
  const page = await get("/upload?limit=100");
  return page.items.find((one) => one.filename === name);
}

const base64 = (text) => Buffer.from(text).toString("base64");

/** An upload of that text by one request; with a greater `length` it stays open. Gives its address. */
export async function upload(text, metadata, length = Buffer.byteLength(text)) {
  const answer = await request("POST", "/upload", {
    body: text,
    headers: {
      "Tus-Resumable": "1.0.0",
      "Upload-Length": String(length),
      "Upload-Metadata": Object.entries(metadata)
        .map(([key, value]) => `${key} ${base64(value)}`)
        .join(","),
      "Content-Type": "application/offset+octet-stream",
    },
  });
  check(answer.status === 201, `POST /upload: ${answer.status} ${await answer.clone().text()}`);
  return answer.headers.get("location");
}

/** Makes a dataset by one request, and waits until it is there. Gives {upload, dataset}. */
export async function makeDataset(name, csv) {
  const path = await upload(csv, { filename: `${name}.csv`, dataset: name });
  const made = await until(async () => {
    const one = await get(path);
    check(!["failed", "cancelled"].includes(one.job?.state), `${name}: ${JSON.stringify(one.job?.error)}`);
    return one.job?.state === "succeeded" && one.dataset ? one : null;
  }, `dataset ${name}`);
  return { upload: made, dataset: await get(`/datasets/${made.dataset.uid}`) };
}

/** Rows "id,day,amount,note" with one day after the other from 2016-01-03 on, `perDay` rows each. */
export function csvWithDates(rows, perDay = 1) {
  const lines = ["id,day,amount,note"];
  for (let row = 0; row < rows; row += 1) {
    const day = new Date(Date.UTC(2016, 0, 3 + Math.floor(row / perDay))).toISOString().slice(0, 10);
    lines.push(`${row + 1},${day},${((row * 137) % 10000) / 100 + 0.01},"note ${row}, with ""quotes"""`);
  }
  return `${lines.join("\n")}\n`;
}

/** A CSV of about that many bytes. */
export function csvOfSize(bytes) {
  const line = `,2017-03-04,${"x".repeat(80)}\n`;
  const parts = ["id,day,text\n"];
  let size = parts[0].length;
  for (let row = 1; size < bytes; row += 1) {
    const text = row + line;
    parts.push(text);
    size += text.length;
  }
  return parts.join("");
}

/** SQL on the stack's database, for amounts that would take too long to make by requests. */
export function sql(text) {
  check(process.env.SLUICE_TEST_MARIADB, "SLUICE_TEST_MARIADB is not set: tests/browser/run sets it");
  const [program, ...words] = JSON.parse(process.env.SLUICE_TEST_MARIADB);
  execFileSync(program, words, { input: text });
}

// --- the browser

const kExecutable = process.env.SLUICE_CHROMIUM ?? "/usr/bin/chromium";
const kArguments = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
export const launch = () => chromium.launch({ executablePath: kExecutable, args: kArguments });

/**
 * One story's own browser context; `faults` are messages of the console and uncaught errors, which no story may have.
 * With `profile: true` it is a browser of its own with a profile on disk, which can be killed and started again.
 */
export class Visit {
  constructor(browser, options = {}) {
    this.browser = browser;
    this.options = options;
    this.faults = [];
    this.folder = mkdtempSync(join(tmpdir(), "sluice-browser-"));
  }

  async open(path) {
    if (!this.context) {
      const { profile, ...options } = { acceptDownloads: true, ...this.options };
      this.context = profile
        ? await chromium.launchPersistentContext(this.profile, {
            executablePath: kExecutable,
            args: kArguments,
            ...options,
          })
        : await this.browser.newContext(options);
      this.context.setDefaultTimeout(kDeadlineMs);
      if (this.script) await this.context.addInitScript(this.script);
      this.page = await this.context.newPage();
      this.watch(this.page);
    }
    await this.page.goto(new URL(path, kUrl).href);
    return this.page;
  }

  get profile() {
    return join(this.folder, "profile");
  }

  /** kill -9 of all processes of the browser with this profile; the next open() starts it again. */
  async kill() {
    const pids = readdirSync("/proc").filter((name) => {
      try {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").includes(this.profile);
      } catch {
        return false; // it has ended meanwhile
      }
    });
    check(pids.length > 0, "no process of this browser");
    const gone = new Promise((resolve) => this.context.once("close", resolve));
    for (const pid of pids) {
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch {
        // with its parent
      }
    }
    await gone;
    this.context = undefined;
    for (const name of readdirSync(this.profile)) {
      if (name.startsWith("Singleton")) rmSync(join(this.profile, name), { force: true });
    }
  }

  watch(page) {
    page.on("pageerror", (fault) => this.faults.push(`uncaught: ${fault.stack ?? fault}`));
    page.on("console", (message) => {
      // What the server refuses is shown by the page; a message of the browser about it is no fault.
      if (message.type() === "error" && !/Failed to load resource/.test(message.text())) {
        this.faults.push(`console: ${message.text()}`);
      }
    });
  }

  /** Keeps what the page shows now below build/browser/; gives the file's name. */
  async shoot(name) {
    if (!this.page || this.page.isClosed()) return null;
    const path = fileURLToPath(new URL(`../../build/browser/${name}.png`, import.meta.url));
    await this.page.screenshot({ path, fullPage: true, timeout: 10_000 });
    return path;
  }

  file(name, text) {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  async close() {
    await this.context?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * What axe finds, as "rule: elements". `rules`: these alone, else all of WCAG 2.2 AA and the best practices. Run in the
 * page itself: AxeBuilder opens a page of its own for each result, which takes as long as the check.
 */
export async function axe(page, rules) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(kAxe);
  return page.evaluate(async (only) => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await window.axe.run(document, {
      runOnly: only ? { type: "rule", values: only } : { type: "tag", values: tags },
      resultTypes: ["violations"],
    });
    return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  }, rules);
}

/** Moves the focus on by the Tab key until it is on what has that name. */
export async function tabTo(page, name) {
  for (let step = 0; step < 400; step += 1) {
    const at = await page.evaluate(() => {
      const one = document.activeElement;
      return (one?.getAttribute("aria-label") ?? one?.textContent ?? "").trim();
    });
    if (at === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Failure(`the Tab key does not come to "${name}"`);
}

/** The row of a file on the upload page. */
export const row = (page, name) => page.locator(`.row[data-name="${name}"]`);

export async function press(page, name, action) {
  await row(page, name).locator(`[data-action="${action}"]`).click();
}

export async function phase(page, name, wanted) {
  await page.locator(`.row[data-name="${name}"][data-phase="${wanted}"]`).waitFor();
}

export async function word(page, name, start) {
  await page.locator(`.row[data-name="${name}"][data-word^="${start}"]`).waitFor();
}

/**
 * Stands between the page and the server: lets requests of one method through until told to hold them, so that a story
 * can act at a chosen moment instead of racing with the network.
 */
export class Gate {
  constructor(method) {
    this.method = method;
    this.passed = 0;
    this.limit = Number.POSITIVE_INFINITY;
    this.held = [];
  }

  async on(page) {
    await page.route(/\/upload(\/[0-9a-f-]{36})?$/, async (route) => {
      if (route.request().method() !== this.method) return route.fallback();
      if (this.passed < this.limit) {
        this.passed += 1;
        return route.continue();
      }
      this.held.push(route);
    });
    return this;
  }

  /** From now on, `more` requests pass, the next ones wait. */
  letThrough(more) {
    this.limit = this.passed + more;
  }

  async holding(what) {
    await until(() => this.held.length > 0, `held ${this.method} (${what})`);
  }

  /** Lets everything through, also what waits. A request that the page has given up meanwhile is gone. */
  async open() {
    this.limit = Number.POSITIVE_INFINITY;
    for (const route of this.held.splice(0)) {
      this.passed += 1;
      await route.continue().catch(() => {});
    }
  }
}

/**
 * A line to the server. It is cut, on each connection, as soon as the page has sent so many bytes on it; or the first one
 * falls silent then, and stays open.
 */
export class BadLine {
  constructor({ cutAfter = Number.POSITIVE_INFINITY, silentAfter = Number.POSITIVE_INFINITY }) {
    this.cutAfter = cutAfter;
    this.silentAfter = silentAfter;
    this.cuts = 0;
    this.silent = false;
    this.connections = new Set();
  }

  async open() {
    const { hostname, port } = new URL(kUrl);
    this.server = createServer((near) => {
      const far = connect(Number(port), hostname);
      const one = { silent: false, end: () => {} };
      let sent = 0;
      one.end = () => {
        near.destroy();
        far.destroy();
        this.connections.delete(one);
      };
      this.connections.add(one);
      near.on("error", one.end).on("close", one.end);
      // The server gives a silent one up after a while, and nobody tells the page.
      for (const event of ["error", "close"]) far.on(event, () => one.silent || one.end());
      near.on("data", (data) => {
        sent += data.length;
        if (sent > this.silentAfter && !this.silent) {
          this.silent = true;
          one.silent = true;
        }
        if (one.silent) return;
        if (sent <= this.cutAfter) return far.write(data);
        this.cuts += 1;
        one.end();
      });
      far.on("data", (data) => one.silent || near.write(data));
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  async close() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const one of [...this.connections]) one.end();
    await closed;
  }
}
