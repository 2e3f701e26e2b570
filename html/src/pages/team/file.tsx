// SPDX-License-Identifier: MIT
// Step 1: the file, chosen, dropped or pasted; and the files of before.
import { useRef, useState } from "preact/hooks";
import { bytesOf, count } from "../../lib/format";
import { go } from "../../lib/route";
import type { TeamImport } from "../../lib/types";
import { StateChip } from "../../parts/chip";
import { Fault } from "../../parts/fault";
import { Icon } from "../../parts/icon";
import { Bar } from "../../parts/job_progress";
import { More, usePages } from "../../parts/pages";
import { Time } from "../../parts/time";
import { tCommon } from "../../texts/en/common";
import { tTeam } from "../../texts/en/team";
import { check, kTemplate } from "./model";

export function FileStep() {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const [pasted, setPasted] = useState("");

  const [sending, setSending] = useState<{ sent: number; size: number } | null>(null);

  const start = async (file: File) => {
    setBusy(true);
    setFault(null);
    try {
      const uid = await check(file, (sent) => setSending({ sent, size: file.size }));
      go(`/team/${uid}`);
    } catch (caught) {
      setFault(caught);
    }
    setSending(null);
    setBusy(false);
  };

  const template = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([kTemplate], { type: "text/csv" }));
    link.download = "team.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  return (
    <section class="card" aria-labelledby="file-title">
      <h2 id="file-title">{tTeam.fileTitle}</h2>
      <p class="quiet">{tTeam.fileText}</p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is the extra way; the button beside it does the same */}
      <div
        class="drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          const file = event.dataTransfer?.files[0];
          if (file && !busy) void start(file);
        }}
      >
        <Icon name="people" />
        <p>{tTeam.drop}</p>
        {sending ? (
          <div class="stack tight wide" id="team-sending">
            <Bar part={sending.sent / sending.size} label={tTeam.sending} />
            <p class="quiet small">
              {tTeam.sending}: {bytesOf(sending.sent, sending.size)}
            </p>
          </div>
        ) : null}
        <p class="line">
          <button type="button" class="primary" disabled={busy} onClick={() => input.current?.click()}>
            {tTeam.choose}
          </button>
          <button type="button" class="plain" onClick={template}>
            {tTeam.template}
          </button>
        </p>
        <input
          ref={input}
          id="team-file"
          type="file"
          hidden
          accept=".csv,.tsv,.txt,text/csv"
          aria-label={tTeam.choose}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = "";
            if (file) void start(file);
          }}
        />
      </div>
      <details>
        <summary>{tTeam.paste}</summary>
        <div class="stack">
          <div class="field">
            <label for="pasted">{tTeam.pasteHint}</label>
            <textarea
              id="pasted"
              rows={6}
              class="mono"
              value={pasted}
              onInput={(event) => setPasted(event.currentTarget.value)}
            />
          </div>
          <p>
            <button
              type="button"
              disabled={busy || pasted.trim() === ""}
              onClick={() => void start(new File([pasted], "pasted.csv"))}
            >
              {tTeam.checkPasted}
            </button>
          </p>
        </div>
      </details>
      <Fault fault={fault} />
    </section>
  );
}

export function PastFiles() {
  const list = usePages<TeamImport>("/team");
  const items = list.ready ? list.items : null;
  return (
    <section class="card flush" aria-labelledby="past-title">
      <div class="bar">
        <h2 id="past-title">{tTeam.past}</h2>
        <a href="/team/groups">{tTeam.groups}</a>
      </div>
      {items && items.length > 0 ? (
        <ul class="rows">
          {items.map((one) => (
            <li class="row" key={one.uid}>
              <div class="row-name">
                <a
                  href={`/team/${one.uid}`}
                  onClick={(event) => {
                    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                    event.preventDefault();
                    go(`/team/${one.uid}`);
                  }}
                >
                  {one.team_import.filename || tTeam.unnamed(one.uid.slice(0, 8))}
                </a>
                <StateChip state={one.state} phase={one.progress.phase} />
                <span class="hint">
                  {count(one.team_import.counts?.total ?? 0)} {tTeam.rowsWord} · <Time at={one.created_at} />
                </span>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <p class="empty">{items ? tTeam.noneYet : tCommon.loading}</p>
      )}
      <More next={list.next} more={list.more} />
    </section>
  );
}
