// SPDX-License-Identifier: MIT
import { useState } from "preact/hooks";
import { t } from "../texts/en";

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
    <button type="button" class="plain copy" aria-label={`${t.common.copy}: ${what}`} onClick={() => void copy()}>
      {done ? t.common.copied : t.common.copy}
    </button>
  );
}
