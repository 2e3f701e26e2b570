// SPDX-License-Identifier: MIT
// The state of a thing in a word, with a colour and a sign: never by colour alone.
import { tStates } from "../texts/en/common";
import { Icon, type IconName } from "./icon";

export type Tone = "idle" | "busy" | "ok" | "warn" | "bad";

const kIcons: Record<Tone, IconName> = { idle: "clock", busy: "busy", ok: "check", warn: "alert", bad: "cross" };

export function Chip({ tone, word, icon }: { tone: Tone; word: string; icon?: IconName }) {
  return (
    <span class={`chip ${tone}`}>
      <Icon name={icon ?? kIcons[tone]} />
      {word}
    </span>
  );
}

export function toneOf(state: string): Tone {
  if (state === "running" || state === "pausing" || state === "cancelling") return "busy";
  if (state === "succeeded") return "ok";
  if (state === "failed") return "bad";
  if (state === "retrying") return "warn";
  return "idle";
}

export function StateChip({ state, phase }: { state: string; phase?: string | null }) {
  if (state === "paused" && phase === "review") return <Chip tone="warn" word={tStates.review as string} icon="eye" />;
  const icon: IconName | undefined =
    state === "paused" ? "pause" : state === "cancelled" ? "cross" : state === "retrying" ? "again" : undefined;
  return <Chip tone={toneOf(state)} word={tStates[state] ?? state} icon={icon} />;
}
