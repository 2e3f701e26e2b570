// SPDX-License-Identifier: MIT
// Puts a page into <main>, below what it has to say to people who come back to it.
import { type ComponentChild, render } from "preact";
import { keepFocus } from "../lib/keep_focus";
import { Dialog } from "./dialog";
import { Messages } from "./messages";
import "../styles/all.css";

export function mount(page: ComponentChild): void {
  const main = document.getElementById("main");
  if (!main) return;
  main.textContent = "";
  keepFocus();
  render(
    <>
      <Messages />
      {page}
      <Dialog />
    </>,
    main,
  );
}

export function Heading({ title, lead }: { title: string; lead?: string }) {
  return (
    <div class="stack tight">
      <h1>{title}</h1>
      {lead ? <p class="lead">{lead}</p> : null}
    </div>
  );
}
