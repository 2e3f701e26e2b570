// SPDX-License-Identifier: MIT
// How the file is cut into records and fields. Each change is tried out at once on what is shown below.
import type { Preview } from "../../../lib/types";
import { Check, Input, Select } from "../../../parts/fields";
import { tReview, tUpload } from "../../../texts/en/upload";
import { type Dialect, kDelimiters, kEncodings } from "./options";

interface DialectProps {
  found: Preview["dialect"];
  dialect: Dialect;
  set: (change: Dialect) => void;
}

export function DialectFields({ found, dialect, set }: DialectProps) {
  const delimiter = dialect.delimiter ?? found.delimiter;
  const known = kDelimiters.some(([value]) => value === delimiter);
  const encoding = dialect.encoding ?? found.encoding;
  return (
    <>
      <div class="fields">
        <Select
          id="delimiter"
          label={tReview.delimiter}
          value={delimiter}
          options={known ? kDelimiters : [[delimiter, delimiter || tReview.oneColumn], ...kDelimiters]}
          set={(value) => set({ delimiter: value })}
        />
        <Input
          id="quote"
          label={tReview.quote}
          maxLength={1}
          value={dialect.quote ?? found.quote ?? ""}
          set={(quote) => set({ quote })}
        />
        <Select
          id="encoding"
          label={tReview.encoding}
          value={encoding}
          options={[...new Set([encoding, found.encoding, ...kEncodings])].map((name) => [name, name])}
          set={(value) => set({ encoding: value })}
        />
        <Input
          id="skip"
          label={tReview.skip}
          type="number"
          min={0}
          value={String(dialect.skip_lines ?? found.preamble_lines ?? 0)}
          set={(lines) => set({ skip_lines: Math.max(0, Math.floor(Number(lines))) || 0 })}
        />
      </div>
      <div>
        <Check
          id="header"
          checked={dialect.header === undefined ? found.header_rows > 0 : Boolean(dialect.header)}
          set={(header) => set({ header })}
        >
          {tReview.header}
        </Check>
        <Check id="as-text" checked={dialect.types === "text"} set={(text) => set({ types: text ? "text" : "auto" })}>
          {tUpload.asText}
        </Check>
        <Check
          id="all-or-nothing"
          checked={dialect.on_reject?.all_or_nothing === true}
          hint={tReview.allOrNothingHint}
          set={(all) => set({ on_reject: all ? { all_or_nothing: true } : undefined })}
        >
          {tReview.allOrNothing}
        </Check>
      </div>
    </>
  );
}
