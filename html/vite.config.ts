// SPDX-License-Identifier: MIT
// Several static pages from one build. Nothing is inlined: the Content-Security-Policy allows our own files only.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const kPages = ["index", "upload", "team", "export", "datasets", "jobs", "status", "error"];
const here = import.meta.dirname;

const kNoScript = "This page needs JavaScript. Everything it does is also in the API.";

/** Puts what is the same for each page into its HTML, and marks the page in the navigation. */
function shell(): Plugin {
  const [head, top, bottom] = ["head", "top", "bottom"].map((part) =>
    readFileSync(resolve(here, `src/parts/shell_${part}.html`), "utf8").trimEnd(),
  ) as [string, string, string];
  return {
    name: "sluice-shell",
    transformIndexHtml: {
      order: "pre",
      handler(html, context) {
        const page = context.path.replace(/^\/|\.html$/g, "");
        const marked = top.replace(`href="/${page}"`, `href="/${page}" aria-current="page"`);
        return html
          .replace("<!-- shell:head -->", head)
          .replace("<!-- shell:top -->", marked)
          .replace("<!-- shell:noscript -->", `<noscript><p class="notice">${kNoScript}</p></noscript>`)
          .replace("<!-- shell:bottom -->", bottom);
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
