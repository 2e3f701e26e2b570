// SPDX-License-Identifier: MIT
// Bundles page/ with the vite of html/:  node bundle.mjs OUTPUT_FOLDER
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const need = createRequire(new URL("../../html/package.json", import.meta.url));
const { build } = await import(pathToFileURL(need.resolve("vite")));

await build({
  root: fileURLToPath(new URL("./page/", import.meta.url)),
  configFile: false,
  logLevel: "error",
  build: { outDir: process.argv[2], emptyOutDir: true, chunkSizeWarningLimit: 2000 },
});
