// SPDX-License-Identifier: MIT
// What detection understood of a file, on the server and for any size: delimiter, quote, encoding, header, types, and the
// first rows. Everything can be changed before it is loaded, or loaded again.
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, post } from "../../lib/api";
import type { LoadOptions, Preview, Upload } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { tReview, tUpload } from "../../texts/en/upload";

const kDelimiters: [string, string][] = [
  [",", ", comma"],
  [";", "; semicolon"],
  ["\t", "Tab"],
  ["|", "| bar"],
  [" ", "Space"],
  [":", ": colon"],
];
const kTypes = ["text", "bool", "int", "bigint", "decimal(18,2)", "double", "date", "datetime", "time"];
const kEncodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"];
const kTooEarlyMs = 2000;

function noticeText(notice: Preview["notices"][number]): string {
  return typeof notice === "string" ? notice : (notice.detail ?? notice.message ?? notice.code ?? "");
}

interface ColumnChange {
  name?: string;
  type?: string;
  date_format?: string;
  null_words?: string[];
}

/** As a type is asked for: all kinds of text are "text", and fractions of a second are found by themselves. */
function plainType(type: string): string {
  const lower = type.toLowerCase();
  if (/char|text/.test(lower)) return "text";
  return lower.startsWith("decimal") ? lower : lower.replace(/\(.*$/, "");
}

function words(text: string): string[] | undefined {
  const list = text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
  return list.length > 0 ? list : undefined;
}

function Table({ preview }: { preview: Preview }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="table-wrap" tabIndex={0} aria-label={tReview.first(preview.rows.length)}>
      <table>
        <caption>{tReview.first(preview.rows.length)}</caption>
        <thead>
          <tr>
            {preview.columns.map((column, index) => (
              <th key={column.index ?? index} scope="col">
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={index} class="cell" title={cell ?? undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Review({ item, loaded }: { item: Upload; loaded: () => void }) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [early, setEarly] = useState(0);
  const [dialect, setDialect] = useState<LoadOptions>({});
  const [columns, setColumns] = useState<Record<number, ColumnChange>>({});
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    get<Preview>(`/upload/${item.uid}/preview?rows=50`)
      .then((answer) => {
        if (!gone) setPreview(answer);
      })
      .catch((caught) => {
        if (gone) return;
        if (caught instanceof ApiError && (caught.status === 409 || caught.passes)) {
          timer = setTimeout(() => setEarly((n) => n + 1), kTooEarlyMs);
        } else {
          setFault(caught);
        }
      });
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [item.uid, early]);

  if (fault && !preview) return <Fault fault={fault} />;
  if (!preview) {
    return (
      <section class="card">
        <h2>{tReview.title}</h2>
        <p class="quiet">{tReview.tooEarly}</p>
      </section>
    );
  }

  const change = (index: number, what: ColumnChange) =>
    setColumns((before) => ({ ...before, [index]: { ...before[index], ...what } }));
  const load = async () => {
    setBusy(true);
    setFault(null);
    const body: LoadOptions = { ...dialect };
    const changed = Object.entries(columns).map(([at, what]) => {
      const index = Number(at);
      const found = preview.columns.find((column, place) => (column.index ?? place) === index);
      // A date format or a word for "no value" goes with a type.
      const needsType = what.date_format !== undefined || what.null_words !== undefined;
      const type = what.type ?? (needsType && found ? plainType(found.type) : undefined);
      return { index, ...what, ...(type ? { type } : {}) };
    });
    if (changed.length > 0) body.columns = changed;
    try {
      await post(`/upload/${item.uid}/load`, body);
      loaded();
    } catch (caught) {
      setFault(caught);
    }
    setBusy(false);
  };
  const found = preview.dialect;
  const waits = item.job?.state === "paused" && item.job.progress.phase === "review";
  const delimiter = dialect.delimiter ?? found.delimiter;
  const known = kDelimiters.some(([value]) => value === delimiter);
  return (
    <section class="card flush" aria-labelledby="review-title">
      <div class="bar">
        <h2 id="review-title">{tReview.title}</h2>
        {found.confidence === null || found.confidence === undefined ? null : (
          <span class="quiet small">{tReview.sure(found.confidence)}</span>
        )}
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
        <div class="fields">
          <div class="field">
            <label for="delimiter">{tReview.delimiter}</label>
            <select
              id="delimiter"
              value={delimiter}
              onChange={(event) => setDialect({ ...dialect, delimiter: event.currentTarget.value })}
            >
              {known ? null : <option value={delimiter}>{delimiter}</option>}
              {kDelimiters.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="quote">{tReview.quote}</label>
            <input
              id="quote"
              maxLength={1}
              value={dialect.quote ?? found.quote ?? ""}
              onInput={(event) => setDialect({ ...dialect, quote: event.currentTarget.value })}
            />
          </div>
          <div class="field">
            <label for="encoding">{tReview.encoding}</label>
            <select
              id="encoding"
              value={dialect.encoding ?? found.encoding}
              onChange={(event) => setDialect({ ...dialect, encoding: event.currentTarget.value })}
            >
              {[...new Set([found.encoding, ...kEncodings])].map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="skip">{tReview.skip}</label>
            <input
              id="skip"
              type="number"
              min={0}
              value={dialect.skip_lines ?? 0}
              onInput={(event) => setDialect({ ...dialect, skip_lines: Number(event.currentTarget.value) })}
            />
          </div>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={dialect.header ?? found.header_rows > 0}
            onChange={(event) => setDialect({ ...dialect, header: event.currentTarget.checked })}
          />
          {tReview.header}
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={dialect.types === "text"}
            onChange={(event) => setDialect({ ...dialect, types: event.currentTarget.checked ? "text" : "auto" })}
          />
          {tUpload.asText}
        </label>
        <details>
          <summary>{tReview.columns(preview.columns.length)}</summary>
          <div class="stack">
            {preview.columns.map((column, at) => {
              const index = column.index ?? at;
              const type = columns[index]?.type ?? plainType(column.type);
              return (
                <fieldset key={index} class="fields review-column">
                  <legend class="visually-hidden">{`${tReview.column} ${column.name}`}</legend>
                  <div class="field">
                    <label for={`name-${index}`}>{tReview.name}</label>
                    <input
                      id={`name-${index}`}
                      value={columns[index]?.name ?? column.name}
                      onInput={(event) => change(index, { name: event.currentTarget.value })}
                    />
                  </div>
                  <div class="field">
                    <label for={`type-${index}`}>
                      {tReview.type}
                      {column.ambiguous ? <span class="hint"> ({tReview.ambiguous})</span> : null}
                    </label>
                    <select
                      id={`type-${index}`}
                      value={type}
                      onChange={(event) => change(index, { type: event.currentTarget.value })}
                    >
                      {[...new Set([plainType(column.type), ...kTypes])].map((name) => (
                        <option key={name} value={name}>
                          {name}
                        </option>
                      ))}
                    </select>
                  </div>
                  {/date|time/.test(type) ? (
                    <div class="field">
                      <label for={`date-${index}`}>{tReview.dateFormat}</label>
                      <input
                        id={`date-${index}`}
                        value={columns[index]?.date_format ?? ""}
                        placeholder="%Y-%m-%d"
                        onInput={(event) => change(index, { date_format: event.currentTarget.value || undefined })}
                      />
                    </div>
                  ) : null}
                  <div class="field">
                    <label for={`null-${index}`}>{tReview.nullWords}</label>
                    <input
                      id={`null-${index}`}
                      placeholder="NA, NULL"
                      onInput={(event) =>
                        change(index, {
                          null_words: words(event.currentTarget.value),
                        })
                      }
                    />
                  </div>
                </fieldset>
              );
            })}
          </div>
        </details>
        <Fault fault={fault} />
        <p class="line">
          <button type="submit" class="primary" disabled={busy}>
            {waits ? tReview.load : tReview.loadAgain}
          </button>
        </p>
      </form>
      <Table preview={preview} />
    </section>
  );
}
