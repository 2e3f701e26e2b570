// SPDX-License-Identifier: MIT
// What detection understood of a file, on the server and for any size: delimiter, quote, encoding, header, types, and the
// first rows. Everything can be tried out, and changed before the file is loaded, or loaded again.
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, post } from "../../../lib/api";
import type { Preview, Upload } from "../../../lib/types";
import { Fault } from "../../../parts/fault";
import { Input } from "../../../parts/fields";
import { tReview } from "../../../texts/en/upload";
import { ColumnFields } from "./columns";
import { DialectFields } from "./dialect";
import { type ColumnChange, type Dialect, loadOptions, previewAddress } from "./options";
import { PreviewTable } from "./table";

const kTooEarlyMs = 2000;
/** So long after the last change it is tried out. */
const kTypingMs = 300;

function noticeText(notice: Preview["notices"][number]): string {
  return typeof notice === "string" ? notice : (notice.detail ?? notice.message ?? notice.code ?? "");
}

/** The preview with these settings; the one before stays until the next is there. */
function usePreview(upload: string, dialect: Dialect) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(true);
  const address = previewAddress(upload, dialect);
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      setBusy(true);
      try {
        const answer = await get<Preview>(address);
        if (gone) return;
        setPreview(answer);
        setFault(null);
      } catch (caught) {
        if (gone) return;
        if (caught instanceof ApiError && (caught.status === 409 || caught.passes)) {
          timer = setTimeout(() => void ask(), kTooEarlyMs);
        } else {
          setFault(caught);
        }
      }
      setBusy(false);
    };
    timer = setTimeout(() => void ask(), preview ? kTypingMs : 0);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [address]);
  return { preview, fault, busy };
}

/** The file's name without its ending, for a second dataset made of it. */
function otherName(item: Upload): string {
  return `${(item.filename ?? "table").replace(/\.[^.]*$/, "")}-2`;
}

interface SecondTableProps {
  found: Preview["dialect"]["second_table"];
  show: (skipLines: number) => void;
}

function SecondTable({ found, show }: SecondTableProps) {
  if (!found) return null;
  return (
    <div class="notice line between" id="second-table">
      <span>{tReview.secondTable(found.line)}</span>
      <button type="button" onClick={() => show(found.skip_lines)}>
        {tReview.showSecond}
      </button>
    </div>
  );
}

export function Review({ item, loaded }: { item: Upload; loaded: () => void }) {
  const [dialect, setDialect] = useState<Dialect>({});
  const [columns, setColumns] = useState<Record<number, ColumnChange>>({});
  const [refused, setRefused] = useState<unknown>(null);
  const [loading, setLoading] = useState(false);
  const { preview, fault, busy } = usePreview(item.uid, dialect);

  if (!preview) {
    if (fault) return <Fault fault={fault} />;
    return (
      <section class="card">
        <h2>{tReview.title}</h2>
        <p class="quiet">{tReview.tooEarly}</p>
      </section>
    );
  }
  const load = async () => {
    setLoading(true);
    setRefused(null);
    try {
      await post(`/upload/${item.uid}/load`, loadOptions(preview, dialect, columns));
      loaded();
    } catch (caught) {
      setRefused(caught);
    }
    setLoading(false);
  };
  const sure = preview.dialect.confidence;
  const waits = item.job?.state === "paused" && item.job.progress.phase === "review";
  return (
    <section
      class="card flush"
      aria-labelledby="review-title"
      aria-busy={busy}
      data-trial={Object.keys(dialect).length}
    >
      <div class="bar">
        <h2 id="review-title">{tReview.title}</h2>
        {sure === null || sure === undefined ? null : <span class="quiet small">{tReview.sure(sure)}</span>}
      </div>
      <form
        class="review-form stack"
        onSubmit={(event) => {
          event.preventDefault();
          void load();
        }}
      >
        {preview.notices.map((notice) => (
          <p key={noticeText(notice)} class="notice">
            {noticeText(notice)}
          </p>
        ))}
        <SecondTable
          found={preview.dialect.second_table}
          show={(skip_lines) => setDialect((before) => ({ ...before, skip_lines, dataset: otherName(item) }))}
        />
        <DialectFields
          found={preview.dialect}
          dialect={dialect}
          set={(change) => setDialect((before) => ({ ...before, ...change }))}
        />
        <ColumnFields
          preview={preview}
          columns={columns}
          change={(index, what) => setColumns((before) => ({ ...before, [index]: { ...before[index], ...what } }))}
        />
        {waits ? null : (
          <details open={dialect.dataset !== undefined}>
            <summary>{tReview.asOther}</summary>
            <Input
              id="other-name"
              label={tReview.otherName}
              value={dialect.dataset ?? ""}
              set={(dataset) => setDialect((before) => ({ ...before, dataset }))}
            />
          </details>
        )}
        <Fault fault={refused ?? fault} />
        <p class="line">
          <button type="submit" class="primary" disabled={loading}>
            {waits ? tReview.load : dialect.dataset?.trim() ? tReview.loadOther : tReview.loadAgain}
          </button>
          {Object.keys(dialect).length + Object.keys(columns).length > 0 ? (
            <button
              type="button"
              onClick={() => {
                setDialect({});
                setColumns({});
              }}
            >
              {tReview.asFound}
            </button>
          ) : null}
        </p>
      </form>
      <PreviewTable preview={preview} />
    </section>
  );
}
