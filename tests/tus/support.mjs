// SPDX-License-Identifier: MIT
// What the stories of tus clients share.
import { execFileSync } from "node:child_process";
import { bytesOf, check, get, same, sha256, until } from "../browser/support.mjs";

const kDoor = process.env.SLUICE_TEST_DOOR;

/** Waits until the upload at that address has been imported, and compares the server's bytes with `data`. */
export async function isLoaded(address, data) {
  const path = new URL(address).pathname;
  const upload = await until(async () => {
    const one = await get(path);
    check(!["failed", "cancelled"].includes(one.job?.state), `${path}: ${JSON.stringify(one.job?.error)}`);
    return one.job?.state === "succeeded" ? one : null;
  }, `${path} is imported`);
  same(sha256(await bytesOf(`${path}/file`)), sha256(data), `bytes of ${path}`);
  return upload;
}

/** kill -9 of all processes that answer requests; supervisord brings them back. */
export function killPools() {
  execFileSync(kDoor, ["supervisorctl", "signal", "KILL", "web:*", "stream:*"], { stdio: "ignore" });
}
