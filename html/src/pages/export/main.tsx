// SPDX-License-Identifier: MIT
import { useEffect, useMemo, useRef } from "preact/hooks";
import { announce, markDone } from "../../lib/announce";
import { poll } from "../../lib/poll";
import { go, path, uidOf } from "../../lib/route";
import type { Export, Page } from "../../lib/types";
import { Fault, NotFound } from "../../parts/fault";
import { bannerFor, Heading, mount } from "../../parts/page";
import { tCommon, tStates } from "../../texts/en/common";
import { tExport } from "../../texts/en/export";
import { Form } from "./form";
import * as model from "./model";
import { ExportRow } from "./row";

/** Says once that an export that was seen at work has ended. */
function useTellEnds(items: Export[]): void {
  const working = useRef(new Set<string>());
  useEffect(() => {
    for (const one of items) {
      if (one.state === "succeeded" || one.state === "failed") {
        if (!working.current.delete(one.uid)) continue;
        announce(`${one.dataset.name}: ${one.state === "succeeded" ? tExport.done : tStates.failed}`);
        markDone(true);
      } else {
        working.current.add(one.uid);
      }
    }
  }, [items]);
}

function List() {
  const list = useMemo(() => poll<Page<Export>>("/export?limit=50"), []);
  useEffect(() => {
    const end = bannerFor(list.fault);
    return () => {
      end();
      list.stop();
    };
  }, [list]);
  const items = list.data.value?.items ?? [];
  useTellEnds(items);
  return (
    <>
      <Form
        started={() => {
          announce(tExport.started);
          list.now();
        }}
      />
      <Fault fault={model.fault.value} />
      <section class="card flush" aria-labelledby="list-title">
        <div class="bar">
          <h2 id="list-title">{tExport.listTitle}</h2>
        </div>
        {items.length > 0 ? (
          <ul class="rows" id="exports">
            {items.map((one) => (
              <ExportRow key={one.uid} one={one} again={() => list.now()} />
            ))}
          </ul>
        ) : (
          <p class="empty">{list.data.value ? tExport.empty : tCommon.loading}</p>
        )}
      </section>
    </>
  );
}

function One({ uid }: { uid: string }) {
  const one = useMemo(() => poll<Export>(`/export/${uid}`), [uid]);
  useEffect(() => {
    const end = bannerFor(one.fault);
    return () => {
      end();
      one.stop();
    };
  }, [one]);
  const found = one.data.value;
  useTellEnds(found ? [found] : []);
  const fault = one.fault.value;
  if (fault && (fault.status === 404 || fault.status === 410)) return <NotFound />;
  return (
    <>
      <Fault fault={model.fault.value} />
      {found ? (
        <section class="card flush" aria-label={tExport.title}>
          <ul class="rows">
            <ExportRow one={found} again={() => one.now()} alone />
          </ul>
        </section>
      ) : (
        <p class="quiet">{tCommon.loading}</p>
      )}
      <p class="quiet small">
        <a href={`/jobs/${uid}`}>{tCommon.history}</a>
      </p>
    </>
  );
}

function ExportPage() {
  const uid = uidOf(path.value);
  if (!uid) {
    return (
      <>
        <Heading title={tExport.title} lead={tExport.lead} />
        <List />
      </>
    );
  }
  return (
    <>
      <p class="crumbs">
        <a
          href="/export"
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            go("/export");
          }}
        >
          {tExport.back}
        </a>
      </p>
      <h1>{tExport.title}</h1>
      <One key={uid} uid={uid} />
    </>
  );
}

mount(<ExportPage />);
