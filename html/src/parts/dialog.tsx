// SPDX-License-Identifier: MIT
// Asks before something is removed. The harmless answer has the focus; the browser gives the focus back afterwards.
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { tCommon } from "../texts/en/common";

interface Question {
  title: string;
  text: string;
  yes: string;
  no: string;
  /** What has to be typed before "yes" can be said: for what cannot be undone. */
  typed: string | null;
  answer: (yes: boolean) => void;
}

const open = signal<Question | null>(null);

export function ask(title: string, text: string, yes: string, no: string, typed: string | null = null) {
  return new Promise<boolean>((resolve) => {
    open.value = {
      title,
      text,
      yes,
      no,
      typed,
      answer: (answer) => {
        open.value = null;
        resolve(answer);
      },
    };
  });
}

function Body({ question }: { question: Question }) {
  const [typed, setTyped] = useState("");
  return (
    <div class="stack">
      <h2 id="dialog-title">{question.title}</h2>
      <p>{question.text}</p>
      {question.typed === null ? null : (
        <div class="field">
          <label for="typed">{tCommon.typeToDelete(question.typed)}</label>
          <input id="typed" autocomplete="off" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </div>
      )}
      <div class="dialog-buttons">
        <button type="button" autofocus onClick={() => question.answer(false)}>
          {question.no}
        </button>
        <button
          type="button"
          class="danger"
          disabled={question.typed !== null && typed !== question.typed}
          onClick={() => question.answer(true)}
        >
          {question.yes}
        </button>
      </div>
    </div>
  );
}

export function Dialog() {
  const question = open.value;
  const element = useRef<HTMLDialogElement>(null);
  // The event of our own closing comes later, perhaps when the next question is open already: it is no answer to that.
  const answered = useRef(false);
  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    if (question && !dialog.open) dialog.showModal();
    if (!question && dialog.open) {
      answered.current = true;
      dialog.close();
    }
  }, [question]);
  const closed = () => {
    if (!answered.current) open.value?.answer(false);
    answered.current = false;
  };
  return (
    <dialog ref={element} aria-labelledby="dialog-title" onClose={closed}>
      {question ? <Body question={question} /> : null}
    </dialog>
  );
}
