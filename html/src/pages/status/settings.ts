// SPDX-License-Identifier: MIT
// The effective settings, out of /metrics: sluice_setting_info{name,value,source}.
import type { Sample } from "../../lib/metrics";

export interface Setting {
  name: string;
  /** Empty: not set. */
  value: string;
  /** It has a value that nobody is shown: a secret, a path, an address. */
  hidden: boolean;
  source: string;
}

export interface Settings {
  /** Those that somebody has set. */
  own: Setting[];
  all: Setting[];
}

/** In the server's order. null: this server does not tell. */
export function settingsOf(samples: Sample[]): Settings | null {
  const all = samples
    .filter((one) => one.name === "sluice_setting_info")
    .map(({ labels: { name = "", value = "", source = "" } }) => ({ name, value, hidden: value === "set", source }));
  return all.length === 0 ? null : { own: all.filter((one) => one.source !== "default"), all };
}
