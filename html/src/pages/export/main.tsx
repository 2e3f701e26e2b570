// SPDX-License-Identifier: MIT
import { announce } from "../../lib/announce";
import { go, path, uidOf } from "../../lib/route";
import type { Export } from "../../lib/types";
import { Fault, NotFound } from "../../parts/fault";
import { NotifyButton } from "../../parts/messages";
import { Heading, mount } from "../../parts/page";
import { More, rowsClass, Still, usePages } from "../../parts/pages";
import { useTellEnds } from "../../parts/use_ends";
import { usePoll } from "../../parts/use_poll";
import { tCommon } from "../../texts/en/common";
import { tExport } from "../../texts/en/export";
import { Form } from "./form";
import * as model from "./model";
import { ExportRow } from "./row";

/** What is told of exports that end while they are shown. */
function watched(items: Export[]) {
  return items.map((one) => ({
    uid: one.uid,
    state: one.state,
    name: `${tExport.title} ${one.dataset.name}`,
    href: `/export/${one.uid}`,
  }));
}

function List() {
  const list = usePages<Export>("/export");
  const items = list.items;
  useTellEnds(watched(items));
  return (
    <>
      <Form
        exports={items}
        started={() => {
          announce(tExport.started);
          list.again();
        }}
      />
      <Fault fault={model.fault.value ?? list.fault} />
      <section class="card flush" aria-labelledby="list-title">
        <div class="bar">
          <h2 id="list-title">{tExport.listTitle}</h2>
          <div class="small-buttons">
            <NotifyButton />
          </div>
        </div>
        {items.length > 0 ? (
          <ul class={rowsClass(items.length)} id="exports">
            {items.map((one) => (
              <Still key={one.uid} of={[one]}>
                {() => <ExportRow one={one} again={list.again} />}
              </Still>
            ))}
          </ul>
        ) : (
          <p class="empty">{list.ready ? tExport.empty : tCommon.loading}</p>
        )}
        <More next={list.next} more={list.more} />
      </section>
    </>
  );
}

function One({ uid }: { uid: string }) {
  const one = usePoll<Export>(`/export/${uid}`);
  const found = one.data.value;
  useTellEnds(found ? watched([found]) : []);
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
