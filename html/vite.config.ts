// SPDX-License-Identifier: MIT
// Several static pages from one build. Nothing is inlined: the Content-Security-Policy allows our own files only.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const kPages = ["index", "upload", "team", "export", "datasets", "jobs", "status", "error"];
const here = import.meta.dirname;

/** Puts the header and footer, the same for each page, into its HTML, and marks the page in the navigation. */
function shell(): Plugin {
  const top = readFileSync(resolve(here, "src/parts/shell_top.html"), "utf8");
  const bottom = readFileSync(resolve(here, "src/parts/shell_bottom.html"), "utf8");
  return {
    name: "sluice-shell",
    transformIndexHtml: {
      order: "pre",
      handler(html, context) {
        const page = context.path.replace(/^\/|\.html$/g, "");
        const marked = top.replace(`href="/${page}"`, `href="/${page}" aria-current="page"`);
        return html.replace("<!-- shell:top -->", marked).replace("<!-- shell:bottom -->", bottom);
      },
    },
  };
}

export default defineConfig({
  plugins: [shell()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: Object.fromEntries(kPages.map((page) => [page, resolve(here, `${page}.html`)])),
    },
  },
  test: { include: ["src/**/*.test.ts"], setupFiles: ["test/browser.ts"] },
} as Parameters<typeof defineConfig>[0]);
