// SPDX-License-Identifier: MIT
// Several static pages from one build. Nothing is inlined: the Content-Security-Policy allows our own files only.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { tShell } from "./src/texts/en/shell.ts";

const kPages = ["index", "upload", "team", "export", "datasets", "jobs", "status", "error"];
const here = import.meta.dirname;

/** Ours and Preact, but the part that takes the styles in: the page of errors has those, and no script. */
const isShared = (id: string) =>
  (id.startsWith(resolve(here, "src/")) && /\.tsx?$/.test(id) && !id.endsWith("/parts/page.tsx")) ||
  /\/node_modules\/@?preact\//.test(id);

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
          .replace("<!-- shell:noscript -->", `<noscript><p class="notice">${tShell.noScript}</p></noscript>`)
          .replace("<!-- shell:bottom -->", bottom);
      },
    },
  };
}

/**
 * What packages below Uppy do for old browsers and phones' frameworks, or more of than Uppy asks for; and its
 * package.json, of which it wants its version only: 10 kB of a page's 60.
 */
function lean(): Plugin {
  const own = (name: string) => resolve(here, `src/lib/lean/${name}.ts`);
  const kInstead = new Map([
    ["js-base64", own("base64")],
    ["url-parse", own("url")],
    ["lodash/throttle.js", own("throttle")],
    ["mime-match", own("unused")],
    ["@transloadit/prettier-bytes", own("unused")],
  ]);
  const kInTus = new Map([
    ["./fileReader.js", own("file_reader")],
    ["./fileSignature.js", own("unused")],
  ]);
  return {
    name: "sluice-lean",
    enforce: "pre",
    resolveId: (id, by) => kInstead.get(id) ?? (by?.includes("/tus-js-client/") ? kInTus.get(id) : undefined),
    load(id) {
      // It would fetch styles ahead of a part that is loaded late; ours have none.
      if (id.endsWith("vite/preload-helper.js")) return "export const __vitePreload = (load) => load();";
      if (!/@uppy\/\w+\/package\.json$/.test(id)) return undefined;
      return JSON.stringify({ version: JSON.parse(readFileSync(id, "utf8")).version });
    },
  };
}

export default defineConfig({
  plugins: [shell(), lean()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: Object.fromEntries(kPages.map((page) => [page, resolve(here, `${page}.html`)])),
      // What most pages need is one file: fewer requests, and better compressed.
      output: { codeSplitting: { groups: [{ name: "shared", test: isShared, minShareCount: 5 }] } },
    },
  },
  test: { include: ["src/**/*.test.ts"], setupFiles: ["test/browser.ts"] },
} as Parameters<typeof defineConfig>[0]);
