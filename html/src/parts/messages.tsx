// SPDX-License-Identifier: MIT
// What ended while nobody looked at this tab, until it is dismissed; and the wish to be told by the system.
import { dismiss, messages, notices, toggleNotices } from "../lib/tell";
import { tCommon } from "../texts/en/common";
import { Icon } from "./icon";

export function Messages() {
  if (messages.value.length === 0) return null;
  return (
    <ul class="messages" aria-label={tCommon.whileAway}>
      {messages.value.map((one, at) => (
        <li key={at} class={`notice line between ${one.outcome === "done" ? "ok" : "bad"}`}>
          {one.href ? <a href={one.href}>{one.text}</a> : <span>{one.text}</span>}
          <button
            type="button"
            class="plain"
            aria-label={`${tCommon.dismiss}: ${one.text}`}
            onClick={() => dismiss(one)}
          >
            {tCommon.dismiss}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function NotifyButton() {
  if (notices.value === "none") return null;
  const on = notices.value === "on";
  return (
    <button
      type="button"
      data-notify={notices.value}
      aria-pressed={on}
      disabled={notices.value === "denied"}
      title={notices.value === "denied" ? tCommon.notifyDenied : tCommon.notifyHint}
      onClick={() => void toggleNotices()}
    >
      <Icon name="bell" />
      {on ? tCommon.notifying : tCommon.notify}
    </button>
  );
}
