// SPDX-License-Identifier: MIT
import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { path, uidOf } from "../../lib/route";
import { sampleCsv } from "../../lib/sample";
import { bannerFor } from "../../parts/banner";
import { Fault } from "../../parts/fault";
import { Heading, mount } from "../../parts/page";
import { More, rowsClass, Still } from "../../parts/pages";
import { tCommon } from "../../texts/en/common";
import { tUpload } from "../../texts/en/upload";
import { AllBar } from "./bar";
import { Choose, DropAnywhere } from "./choose";
import * as model from "./model";
import { isMoving } from "./moving";
import { Row } from "./row";
import { loadCarrier } from "./sender";

function List() {
  const rows = model.rows.value;
  const first = model.list.data.value;
  const next = model.olderNext.value === undefined ? first?.next : model.olderNext.value;
  return (
    <section class="card flush" aria-labelledby="files-title">
      <AllBar />
      {rows.length > 0 ? (
        <ul class={rowsClass(rows.length)}>
          {rows.map((row) => (
            // A row follows its own file by itself; it is drawn anew only when the server says something else.
            <Still key={row.key} of={[row.entry, row.item, row.item !== null && isMoving(row.item)]}>
              {() => <Row row={row} />}
            </Still>
          ))}
        </ul>
      ) : (
        <div class="empty">
          {first ? (
            <>
              <p>{tUpload.empty}</p>
              <p>
                <a href="/upload?sample=1">{tUpload.sample}</a>
              </p>
            </>
          ) : (
            <p>{tCommon.loading}</p>
          )}
        </div>
      )}
      <More next={next ?? null} more={model.showOlder} />
    </section>
  );
}

/** The page of one upload is loaded when it is asked for: the list needs the room. */
const One = signal<((props: { uid: string }) => VNode | null) | null>(null);

function UploadPage() {
  const uid = uidOf(path.value);
  useEffect(() => {
    if (uid && !One.value) {
      void import("./one").then((part) => {
        One.value = part.One;
      });
    }
  }, [uid]);
  if (uid) return One.value ? <One.value key={uid} uid={uid} /> : <h1>{tUpload.title}</h1>;
  return (
    <>
      <Heading title={tUpload.title} lead={tUpload.lead} />
      <Choose slim={model.list.data.value === null || model.rows.value.length > 0} />
      <Fault fault={model.fault.value} />
      <List />
      <DropAnywhere />
    </>
  );
}

/** Links from other pages: /upload?sample=1 sends the sample, /upload?dataset=sales proposes where to append. */
function followLink(): void {
  const asked = new URLSearchParams(location.search);
  const dataset = asked.get("dataset");
  if (dataset) model.options.value = { ...model.options.value, dataset, append: true };
  if (asked.has("sample")) {
    // Once: a reload must not send it again.
    history.replaceState(null, "", "/upload");
    model.take([{ file: new File([sampleCsv()], "sales-sample.csv", { type: "text/csv" }), handle: null }]);
  }
}

followLink();
bannerFor(model.list);
mount(<UploadPage />);
// At once, so that it is here when it is needed, also if the network is not. The page of one upload seldom sends anything.
if (!uidOf(path.value)) void loadCarrier();
