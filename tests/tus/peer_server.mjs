// SPDX-License-Identifier: MIT
// @tus/server with its file store, as its README starts it:  node peer_server.mjs FOLDER PORT
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const [folder, port] = process.argv.slice(2);
new Server({ path: "/upload", datastore: new FileStore({ directory: folder }) }).listen({ host: "127.0.0.1", port: Number(port) });
