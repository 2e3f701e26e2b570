// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import type { Preview } from "../../lib/types";
import { type Matching, names, withNames } from "./header";

function preview(columns: string[], dialect: Partial<Preview["dialect"]> = {}): Preview {
  return {
    dialect: {
      delimiter: ",",
      quote: '"',
      escape: "",
      encoding: "utf-8",
      header_rows: 1,
      confidence: 1,
      runner_up: null,
      ...dialect,
    },
    columns: columns.map((name) => ({ name, original_name: name, type: "text" })),
    rows: [],
    notices: [],
  };
}

const kMatching: Matching = { team: 0, name: null, email: 1, role: null };
const textOf = async (file: string | Blob, found: Preview, matching = kMatching, taken: string[] = []) =>
  (await withNames(new Blob([file]), found, names(found, matching, taken))).text();

describe("matching columns by their names", () => {
  it("names the fields and leaves the rest of the file as it is", async () => {
    const rows = 'Rot,a@b.org,"x\ny"\r\nBlau,c@d.org,2\r\n';
    const found = preview(["Gruppe", "Mail", "x"]);
    expect(await textOf(`Gruppe,Mail,x\r\n${rows}`, found)).toBe(`team,email,x\n${rows}`);
  });
  it("takes a name from a column that is not to be used", async () => {
    const found = preview(["A", "B", "role", "Squad"]);
    expect(await textOf("A,B,role,Squad\n1,2,3,4\n", found, kMatching, ["Squad"])).toBe(
      "team,email,not used role,not used Squad\n1,2,3,4\n",
    );
  });
  it("replaces a first row that has line ends and delimiters within quotes, behind lines that are no table", async () => {
    const found = preview(["Team\nname", "é;mail"], { delimiter: ";", preamble_lines: 1 });
    const file = '\ufeffMembers of 2016\n"Team\nname";"é;mail"\nRot;a@b.org\n';
    expect(await textOf(file, found, { ...kMatching, email: null })).toBe('team;"é;mail"\nRot;a@b.org\n');
  });
  it("gives a first row to a file without one", async () => {
    expect(await textOf("Rot,a@b.org\n", preview(["col_0", "col_1"], { header_rows: 0 }))).toBe(
      "team,email\nRot,a@b.org\n",
    );
  });
  it("writes UTF-8 whatever came", async () => {
    const file = new Blob([new Uint8Array([0x54, 0x2c, 0x4d, 0x0a, 0xe9, 0x2c, 0x61, 0x0a])]);
    expect(await textOf(file, preview(["T", "M"], { encoding: "windows-1252" }))).toBe("team,email\né,a\n");
  });
});
