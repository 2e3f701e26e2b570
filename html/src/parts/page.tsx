// SPDX-License-Identifier: MIT
// Puts a page into <main>, and shows above all pages when the server does not answer.
import { effect, type Signal } from "@preact/signals";
import { type ComponentChild, render } from "preact";
import type { ApiError } from "../lib/api";
import { tCommon } from "../texts/en/common";
import { Dialog } from "./dialog";
import "../styles/all.css";

export function mount(page: ComponentChild): void {
  const main = document.getElementById("main");
  if (!main) return;
  main.textContent = "";
  render(
    <>
      {page}
      <Dialog />
    </>,
    main,
  );
}

/** The banner follows the faults of the page's main poll. */
export function bannerFor(fault: Signal<ApiError | null>): () => void {
  return effect(() => {
    const banner = document.getElementById("banner");
    if (!banner) return;
    const text = fault.value?.passes ? tCommon.noServer : "";
    if (banner.textContent !== text) banner.textContent = text;
  });
}

/** Links within the same page change the address without loading it anew. */
export function Heading({ title, lead }: { title: string; lead?: string }) {
  return (
    <div class="stack tight">
      <h1>{title}</h1>
      {lead ? <p class="lead">{lead}</p> : null}
    </div>
  );
}
