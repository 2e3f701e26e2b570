// SPDX-License-Identifier: MIT
// The settings, folded away: those that differ from their default first, the others on demand.
import { counted } from "../../lib/format";
import { tStatus } from "../../texts/en/status";
import type { Setting, Settings } from "./settings";

function SettingsTable({ settings, title }: { settings: Setting[]; title: string }) {
  return (
    <table class="cards">
      <caption class="visually-hidden">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{tStatus.settingName}</th>
          <th scope="col">{tStatus.settingValue}</th>
          <th scope="col">{tStatus.settingSource}</th>
        </tr>
      </thead>
      <tbody>
        {settings.map((one) => (
          <tr key={one.name} data-setting={one.name}>
            <th scope="row" class="wrap">
              <code>{one.name}</code>
            </th>
            <td class="wrap" data-label={tStatus.settingValue}>
              {one.hidden ? tStatus.settingHidden : one.value || "–"}
            </td>
            <td data-label={tStatus.settingSource}>{tStatus.sources[one.source] ?? one.source}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function SettingsCard({ settings }: { settings: Settings }) {
  const { own, all } = settings;
  return (
    <details class="card flush folded" id="settings">
      <summary>{tStatus.settings}</summary>
      {own.length > 0 ? (
        <SettingsTable settings={own} title={tStatus.ownSettings} />
      ) : (
        <p class="more quiet">{tStatus.noOwnSettings}</p>
      )}
      <details id="all-settings">
        <summary>{tStatus.allSettings(counted(all.length, "setting"))}</summary>
        <SettingsTable settings={all} title={tStatus.settings} />
      </details>
    </details>
  );
}
