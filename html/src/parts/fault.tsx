// SPDX-License-Identifier: MIT
// What happened, what to do, and the number of the request for those who look into it.
import { ApiError } from "../lib/api";
import { tCommon } from "../texts/en/common";

export function faultText(fault: unknown): string {
  if (fault instanceof ApiError) {
    if (fault.status === 0) return tCommon.noServer(navigator.onLine);
    return fault.detail || fault.title;
  }
  return fault instanceof Error ? fault.message : String(fault);
}

export function Fault({ fault }: { fault: unknown }) {
  if (!fault) return null;
  const api = fault instanceof ApiError ? fault : null;
  return (
    <div class="notice bad" role="alert">
      {api && api.status !== 0 && api.detail ? (
        <p>
          <strong>{api.title}</strong>
        </p>
      ) : null}
      <p>{faultText(fault)}</p>
      {api?.errors.map((one) => (
        <p key={one.pointer}>
          <code>{one.pointer}</code> {one.detail}
        </p>
      ))}
      {api?.requestId ? <p class="hint mono">{tCommon.request(api.requestId)}</p> : null}
    </div>
  );
}

export function NotFound() {
  return (
    <div class="notice warn">
      <p>
        <strong>{tCommon.notFound}</strong>
      </p>
      <p>{tCommon.notFoundDetail}</p>
    </div>
  );
}
