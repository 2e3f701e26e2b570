// SPDX-License-Identifier: MIT
import { useState } from "preact/hooks";
import { tCommon } from "../texts/en/common";

/** Puts a text on the clipboard. Without a secure context there is no clipboard: then the text can be selected. */
export function Copy({ text, what }: { text: string; what: string }) {
  const [done, setDone] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(
      () => setDone(true),
      () => setDone(false),
    );
  };
  return (
    <button type="button" class="plain copy" aria-label={`${tCommon.copy}: ${what}`} onClick={() => void copy()}>
      {done ? tCommon.copied : tCommon.copy}
    </button>
  );
}
