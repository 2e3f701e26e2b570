// SPDX-License-Identifier: MIT
// Steps that several stories of uploads take.
import { bytesOf, csvOfSize, Gate, kFirstPieceBytes, request, same, sha256, unique, until, uploadNamed, word } from "./support.mjs";

export const kBig = 20 << 20;

export async function isGone(uid) {
  const answer = await request("GET", `/upload/${uid}`);
  return answer.status === 404 || answer.status === 410;
}

/** A big file on the page of which exactly one piece is on the server, and the second one waits at the gate. */
export async function withOnePiece(visit, stem) {
  const name = `${unique(stem)}.csv`;
  const text = csvOfSize(kBig);
  const page = await visit.open("/upload");
  const gate = await new Gate("PATCH").on(page);
  gate.letThrough(1);
  await page.setInputFiles("#files", visit.file(name, text));
  await gate.holding("second piece");
  const upload = await until(async () => {
    const one = await uploadNamed(name);
    return one?.offset === kFirstPieceBytes ? one : null;
  }, "one piece on the server");
  return { page, gate, name, text, uid: upload.uid };
}

/** A real file dropped on the page, as from a file manager. */
export async function drop(page, path) {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await cdp.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
}

export async function readyAndEqual(page, name, text) {
  await word(page, name, "Ready");
  const upload = await uploadNamed(name);
  same(sha256(await bytesOf(`/upload/${upload.uid}/file`)), sha256(text), "bytes on the server");
  return upload;
}
