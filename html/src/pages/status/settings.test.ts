// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { parseMetrics } from "../../lib/metrics";
import { settingsOf } from "./settings";

const kMetrics = `# TYPE sluice_setting_info gauge
sluice_setting_info{name="MAX_JOBS",value="20",source="environment"} 1
sluice_setting_info{name="UPLOAD_TTL",value="7d",source="default"} 1
sluice_setting_info{name="DB_WEB_PASSWORD",value="set",source="file"} 1
sluice_setting_info{name="DB_HOST",value="",source="default"} 1
sluice_jobs{state="running"} 2
`;

test("settings are read out of the metrics, and those that somebody has set are apart", () => {
  const found = settingsOf(parseMetrics(kMetrics));
  expect(found?.all.map((one) => one.name)).toEqual(["MAX_JOBS", "UPLOAD_TTL", "DB_WEB_PASSWORD", "DB_HOST"]);
  expect(found?.own).toEqual([
    { name: "MAX_JOBS", value: "20", hidden: false, source: "environment" },
    { name: "DB_WEB_PASSWORD", value: "set", hidden: true, source: "file" },
  ]);
  expect(found?.all[3]?.value).toBe("");
});

test("a server that does not tell its settings has none to show", () => {
  expect(settingsOf(parseMetrics("sluice_jobs 1\n"))).toBeNull();
});
