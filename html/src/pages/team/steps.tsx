// SPDX-License-Identifier: MIT
// Where on the way from a file to teams one is.
import { tTeam } from "../../texts/en/team";
import type { Step } from "./model";

export function Steps({ at }: { at: Step }) {
  return (
    <ol class="steps">
      {tTeam.steps.map((name, index) => (
        <li key={name} class={index < at ? "done" : ""} aria-current={index === at ? "step" : undefined}>
          {name}
        </li>
      ))}
    </ol>
  );
}
