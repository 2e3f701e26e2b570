// SPDX-License-Identifier: MIT
// After the build: a .gz beside each text asset (nginx: gzip_static), and the budgets of a page: 60 kB of script (with what
// is loaded late) and 15 kB of style, compressed; nothing inline, nothing from elsewhere.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const kScriptBudget = 60_000;
const kStyleBudget = 15_000;
const dist = join(import.meta.dirname, "../dist");
const assets = join(dist, "assets");

const sizes = new Map();
for (const name of readdirSync(assets)) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const packed = gzipSync(readFileSync(join(assets, name)), { level: 9 });
  writeFileSync(join(assets, `${name}.gz`), packed);
  sizes.set(name, packed.length);
}

/** The chunks a chunk imports, as the page loads them even where the HTML does not name them. */
function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = readFileSync(join(assets, name), "utf8");
  for (const [, next] of text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) withImports(next, seen);
  return seen;
}

/** All that a page may come to load: also what it fetches after it is drawn, and what that fetches. */
function withLater(first) {
  const all = new Set(first);
  for (const name of all) {
    const text = readFileSync(join(assets, name), "utf8");
    for (const [, next] of text.matchAll(/import\(\s*[`"']\.\/([\w.-]+\.js)[`"']/g)) withImports(next, all);
  }
  return all;
}

let bad = 0;
for (const page of readdirSync(dist).filter((name) => name.endsWith(".html"))) {
  const html = readFileSync(join(dist, page), "utf8");
  const scripts = new Set();
  for (const [, name] of html.matchAll(/"\/assets\/([\w.-]+\.js)"/g)) withImports(name, scripts);
  const styles = [...html.matchAll(/"\/assets\/([\w.-]+\.css)"/g)].map((match) => match[1]);
  const total = (names) => [...names].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
  const script = total(withLater(scripts));
  const style = total(styles);
  const later = script - total(scripts);
  const faults = [];
  if (script > kScriptBudget) faults.push(`script over ${kScriptBudget}`);
  if (style > kStyleBudget) faults.push(`style over ${kStyleBudget}`);
  if (/<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son\w+=/.test(html)) faults.push("something inline");
  if (/(?:src|href)="https?:/.test(html)) faults.push("something from elsewhere");
  console.log(
    `${page.padEnd(14)} script ${script} B${later ? ` (${later} B of it later)` : ""}, style ${style} B ${faults.join(", ")}`,
  );
  bad += faults.length;
}
process.exit(bad ? 1 : 0);
