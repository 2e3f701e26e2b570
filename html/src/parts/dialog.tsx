// SPDX-License-Identifier: MIT
// Asks before something is removed. The harmless answer has the focus; the browser gives the focus back afterwards.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

interface Question {
  title: string;
  text: string;
  yes: string;
  no: string;
  answer: (yes: boolean) => void;
}

const open = signal<Question | null>(null);

export function ask(title: string, text: string, yes: string, no: string): Promise<boolean> {
  return new Promise((resolve) => {
    open.value = {
      title,
      text,
      yes,
      no,
      answer: (answer) => {
        open.value = null;
        resolve(answer);
      },
    };
  });
}

export function Dialog() {
  const question = open.value;
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (question) element.current?.showModal();
    else if (element.current?.open) element.current.close();
  }, [question]);
  return (
    <dialog ref={element} aria-labelledby="dialog-title" onClose={() => open.value?.answer(false)}>
      {question ? (
        <div class="stack">
          <h2 id="dialog-title">{question.title}</h2>
          <p>{question.text}</p>
          <div class="dialog-buttons">
            <button type="button" autofocus onClick={() => question.answer(false)}>
              {question.no}
            </button>
            <button type="button" class="danger" onClick={() => question.answer(true)}>
              {question.yes}
            </button>
          </div>
        </div>
      ) : null}
    </dialog>
  );
}
