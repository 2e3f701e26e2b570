// SPDX-License-Identifier: MIT
// Why records were rejected: how many for each reason, the most first, as the server gives them.
import { count } from "../lib/format";
import type { RejectCount } from "../lib/types";
import { rejectReason, tUpload } from "../texts/en/upload";
import { Chip } from "./chip";

export function RejectCodes({ codes }: { codes?: RejectCount[] }) {
  return codes?.length ? (
    <ul class="more line plain-list reject-codes" aria-label={tUpload.rejects}>
      {codes.map((one) => (
        <li key={one.code} data-code={one.code}>
          <Chip tone="bad" word={`${count(one.count)} ${rejectReason(one.code)}`} icon="alert" />
        </li>
      ))}
    </ul>
  ) : null;
}
