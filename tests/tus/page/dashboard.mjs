// SPDX-License-Identifier: MIT
// Uppy's Dashboard and tus plugin as they come. ?endpoint=<address of /upload>&chunk=<bytes>
import Uppy from "@uppy/core";
import Dashboard from "@uppy/dashboard";
import Tus from "@uppy/tus";
import "@uppy/core/css/style.min.css";
import "@uppy/dashboard/css/style.min.css";

const asked = new URLSearchParams(location.search);
const chunk = asked.get("chunk");

new Uppy()
  .use(Dashboard, { inline: true, target: "#dashboard" })
  .use(Tus, { endpoint: asked.get("endpoint"), ...(chunk ? { chunkSize: Number(chunk) } : {}) });
