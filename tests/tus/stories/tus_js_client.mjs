// SPDX-License-Identifier: MIT
// tus-js-client in Node, with the options its users choose from.
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { check, csvOfSize, get, kUrl, request, same, unique } from "../../browser/support.mjs";
import { isLoaded, killPools } from "../support.mjs";

const { FileUrlStorage, Upload } = createRequire(import.meta.url)("tus-js-client");

const kKib = 1024;
const kMib = 1024 * kKib;

/** Runs an upload to its end; gives it. `drive` may interfere once it has been made. */
function send(source, options, drive = (upload) => upload.start()) {
  return new Promise((resolve, reject) => {
    const name = unique("client");
    const upload = new Upload(source, {
      endpoint: `${kUrl}/upload`,
      metadata: { filename: `${name}.csv`, dataset: name },
      onSuccess: () => resolve(upload),
      onError: reject,
      ...options,
    });
    drive(upload);
  });
}

/** Counts the requests of one method by onBeforeRequest. */
function counter() {
  const counts = {};
  return {
    counts,
    onBeforeRequest: (sent) => {
      counts[sent.getMethod()] = (counts[sent.getMethod()] ?? 0) + 1;
    },
  };
}

async function sendAndCheck(bytes, options) {
  const data = Buffer.from(csvOfSize(bytes));
  const counted = counter();
  const upload = await send(data, { onBeforeRequest: counted.onBeforeRequest, ...options });
  await isLoaded(upload.url, data);
  return counted.counts;
}

/** Calls `work` with a file's path. */
async function withFile(data, work) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-tus-"));
  try {
    const path = join(folder, "data.csv");
    writeFileSync(path, data);
    return await work(path, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts an upload and aborts it (keeping what the server has) once some chunks are there. Gives its address. */
function startAndAbort(source, options) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(source, {
      endpoint: `${kUrl}/upload`,
      chunkSize: 64 * kKib,
      onError: reject,
      onSuccess: () => reject(new Error("it was to be aborted")),
      onChunkComplete: (_size, accepted) => {
        if (accepted >= 192 * kKib) upload.abort().then(() => resolve(upload.url), reject);
      },
      ...options,
    });
    upload.start();
  });
}

export const stories = {
  "client: the whole file in one PATCH, in either lane": async () => {
    for (const bytes of [kMib, 17 * kMib]) same(await sendAndCheck(bytes, {}), { POST: 1, PATCH: 1 }, "requests");
  },

  "client: chunks": async () => {
    const counts = await sendAndCheck(kMib, { chunkSize: 100 * kKib });
    same(counts, { POST: 1, PATCH: 11 }, "requests");
  },

  "client: parallel parts are concatenated": async () => {
    const counts = await sendAndCheck(3 * kMib, { parallelUploads: 4 });
    same(counts, { POST: 5, PATCH: 4 }, "requests");
    await sendAndCheck(kMib, { parallelUploads: 3, chunkSize: 100 * kKib });
  },

  "client: the creation takes data along": async () => {
    same(await sendAndCheck(300 * kKib, { uploadDataDuringCreation: true }), { POST: 1 }, "requests");
    const counts = await sendAndCheck(300 * kKib, { uploadDataDuringCreation: true, chunkSize: 128 * kKib });
    same(counts, { POST: 1, PATCH: 2 }, "requests");
  },

  "client: a stream of unknown length": async () => {
    const data = Buffer.from(csvOfSize(500 * kKib));
    // Not a file's own stream: of one whose end it cannot foresee, 4.3.1 announces more bytes than it sends.
    const stream = Readable.from(data, { objectMode: false });
    const upload = await send(stream, { uploadLengthDeferred: true, chunkSize: 128 * kKib });
    await isLoaded(upload.url, data);
  },

  "client: an empty file": async () => {
    const upload = await send(Buffer.alloc(0), {});
    await isLoaded(upload.url, Buffer.alloc(0));
  },

  "client: two hundred files at once": async () => {
    const files = Array.from({ length: 200 }, (_, at) => Buffer.from(`id,day\n${at},2017-01-01\n`.repeat(1 + (at % 7))));
    const uploads = await Promise.all(files.map((data) => send(data, {})));
    same(new Set(uploads.map((upload) => upload.url)).size, 200, "addresses");
    for (const [at, upload] of uploads.entries()) await isLoaded(upload.url, files[at]);
  },

  "client: aborted, and resumed by another client from the stored address": async () => {
    const data = Buffer.from(csvOfSize(kMib));
    await withFile(data, async (path, folder) => {
      const urlStorage = new FileUrlStorage(join(folder, "addresses.json"));
      const stored = { urlStorage, metadata: { filename: "stored.csv", dataset: unique("stored") } };
      const address = await startAndAbort(createReadStream(path), stored);
      const counted = counter();
      const upload = await send(createReadStream(path), { ...stored, ...counted }, async (next) => {
        const earlier = await next.findPreviousUploads();
        same(earlier.map((one) => one.uploadUrl), [address], "remembered");
        next.resumeFromPreviousUpload(earlier[0]);
        next.start();
      });
      same(upload.url, address, "address");
      same(counted.counts, { HEAD: 1, PATCH: 1 }, "requests");
      await isLoaded(address, data);
    });
  },

  "client: a remembered address that is gone makes a new upload": async () => {
    const data = Buffer.from(csvOfSize(kMib));
    const address = await startAndAbort(data, {});
    await Upload.terminate(address);
    const upload = await send(data, { uploadUrl: address });
    check(upload.url !== address, "a new address");
    await isLoaded(upload.url, data);
  },

  "client: terminated while it runs": async () => {
    const data = Buffer.from(csvOfSize(kMib));
    const address = await startAndAbort(data, {});
    await Upload.terminate(address);
    const head = await request("HEAD", new URL(address).pathname, { headers: { "Tus-Resumable": "1.0.0" } });
    check([404, 410].includes(head.status), `HEAD after it: ${head.status}`);
    check(!head.headers.has("upload-offset"), "no offset after it");
  },

  "client: PATCH and DELETE as POST, where a proxy lets nothing else through": async () => {
    const counts = await sendAndCheck(300 * kKib, { overridePatchMethod: true, chunkSize: 128 * kKib });
    same(counts, { POST: 4 }, "requests");
  },

  "client: a checksum with each chunk": async () => {
    const data = Buffer.from(csvOfSize(300 * kKib));
    const chunk = 128 * kKib;
    const withDigest = (digest) => (sent) => {
      if (sent.getMethod() !== "PATCH") return;
      const offset = Number(sent.getHeader("Upload-Offset"));
      sent.setHeader("Upload-Checksum", `sha1 ${digest(data.subarray(offset, offset + chunk))}`);
    };
    const sha1 = (bytes) => createHash("sha1").update(bytes).digest("base64");
    const upload = await send(data, { chunkSize: chunk, onBeforeRequest: withDigest(sha1) });
    await isLoaded(upload.url, data);
    const wrong = await send(data, { chunkSize: chunk, onBeforeRequest: withDigest(() => sha1("other bytes")) }).then(
      () => null,
      (fault) => fault,
    );
    same(wrong?.originalResponse?.getStatus(), 460, "a wrong checksum");
  },

  "client: a name in any script": async () => {
    const data = Buffer.from("id\n1\n");
    const filename = "Größe, ⅔ 日本 \u{1f4c8}.csv";
    const upload = await send(data, { metadata: { filename, dataset: unique("script") } });
    await isLoaded(upload.url, data);
    same((await get(new URL(upload.url).pathname)).filename, filename, "file name");
  },

  "client: pools killed under it, and nobody notices": async () => {
    const data = Buffer.from(csvOfSize(4 * kMib));
    let killed = 0;
    const upload = await send(data, {
      chunkSize: 64 * kKib,
      onChunkComplete: (_size, accepted) => {
        if (accepted / data.length > [0.2, 0.5, 2][killed]) {
          killed += 1;
          killPools();
        }
      },
    });
    same(killed, 2, "kills");
    await isLoaded(upload.url, data);
  },
};
