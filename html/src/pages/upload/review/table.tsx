// SPDX-License-Identifier: MIT
// The first rows as they would be loaded, and the first records that would not.
import type { Preview } from "../../../lib/types";
import { Cell, HeadCell } from "../../../parts/cell";
import { Icon } from "../../../parts/icon";
import { tReview } from "../../../texts/en/upload";

function Others({ title, list }: { title: string; list: NonNullable<Preview["rejects"]> | undefined }) {
  if (!list || list.length === 0) return null;
  return (
    <details class="review-form rejected" open>
      <summary>{title}</summary>
      <ul class="stack tight plain-list">
        {list.map((one) => (
          <li key={one.record} class="small">
            <Icon name="alert" /> {tReview.other(one.line, one.code)} <code class="raw">{one.text}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function PreviewTable({ preview }: { preview: Preview }) {
  const title = tReview.first(preview.rows.length);
  return (
    <>
      <Others title={tReview.rejects} list={preview.rejects} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="table-wrap" tabIndex={0} aria-label={title}>
        <table id="preview">
          <caption>{title}</caption>
          <thead>
            <tr>
              {preview.columns.map((column, index) => (
                <HeadCell key={column.index ?? index} name={column.name} type={column.type} tell />
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map((row, at) => (
              <tr key={at}>
                {row.map((cell, index) => (
                  <Cell key={index} value={cell} type={preview.columns[index]?.type} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
