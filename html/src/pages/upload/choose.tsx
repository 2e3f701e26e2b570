// SPDX-License-Identifier: MIT
// Taking files: the button, the whole page as a place to drop, and the options of the next files.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { get } from "../../lib/api";
import type { Dataset, Page } from "../../lib/types";
import { Icon } from "../../parts/icon";
import { tUpload } from "../../texts/en/upload";
import { type Chosen, type Options, options, take } from "./model";

const over = signal<number | null>(null);
const names = signal<string[]>([]);

type ItemWithHandle = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

/** Dropped files; where the browser has them, with handles that outlive a reload. */
async function dropped(items: DataTransferItemList): Promise<Chosen[]> {
  const asked = [...items]
    .filter((item) => item.kind === "file")
    .map((item) => {
      const file = item.getAsFile();
      const handle = (item as ItemWithHandle).getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null);
      return { file, handle };
    });
  const chosen: Chosen[] = [];
  for (const { file, handle } of asked) {
    const found = await handle;
    if (found && found.kind !== "file") continue;
    if (file) chosen.push({ file, handle: found as FileSystemFileHandle | null });
  }
  return chosen;
}

/** The whole page takes files. */
export function DropAnywhere() {
  useEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth += 1;
      over.value = event.dataTransfer?.items.length ?? 0;
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) over.value = null;
    };
    const hover = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth = 0;
      over.value = null;
      void dropped(event.dataTransfer.items).then(take);
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", hover);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", hover);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return over.value === null ? null : <div class="drop-over">{tUpload.dropNow(over.value)}</div>;
}

function set(change: Partial<Options>): void {
  options.value = { ...options.value, ...change };
}

function loadNames(): void {
  if (names.value.length > 0) return;
  void get<Page<Dataset>>("/datasets?limit=100")
    .then((page) => {
      names.value = page.items.map((one) => one.name);
    })
    .catch(() => {
      // Only proposals: the name can be typed.
    });
}

function OptionFields() {
  const now = options.value;
  return (
    <details onToggle={loadNames} open={now.append && now.dataset !== ""}>
      <summary>{tUpload.options}</summary>
      <div class="fields">
        <div class="field">
          <label for="dataset">{tUpload.dataset}</label>
          <input
            id="dataset"
            list="datasets"
            value={now.dataset}
            autocomplete="off"
            aria-describedby="dataset-hint"
            onInput={(event) => set({ dataset: event.currentTarget.value })}
          />
          <datalist id="datasets">
            {names.value.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <span class="hint" id="dataset-hint">
            {tUpload.datasetHint}
          </span>
          <label class="check">
            <input
              type="checkbox"
              checked={now.append}
              disabled={now.dataset.trim() === ""}
              onChange={(event) => set({ append: event.currentTarget.checked })}
            />
            {tUpload.append}
          </label>
        </div>
        <div class="stack tight">
          <label class="check">
            <input
              type="checkbox"
              id="auto"
              checked={now.auto}
              onChange={(event) => set({ auto: event.currentTarget.checked })}
            />
            <span>
              {tUpload.auto}
              <span class="hint">{tUpload.autoHint}</span>
            </span>
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={now.asText}
              onChange={(event) => set({ asText: event.currentTarget.checked })}
            />
            {tUpload.asText}
          </label>
        </div>
      </div>
    </details>
  );
}

/** `slim`: beside a list of files the place to drop needs no room of its own. */
export function Choose({ slim }: { slim: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <section class="stack" aria-label={tUpload.choose}>
      <div class={slim ? "drop slim" : "drop"}>
        <Icon name="up" />
        <p>{tUpload.drop}</p>
        <button type="button" class="primary" onClick={() => input.current?.click()}>
          {tUpload.choose}
        </button>
        <input
          ref={input}
          id="files"
          type="file"
          multiple
          hidden
          accept=".csv,.tsv,.txt,text/csv"
          aria-label={tUpload.choose}
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = "";
            take(files.map((file) => ({ file, handle: null })));
          }}
        />
      </div>
      <OptionFields />
    </section>
  );
}
