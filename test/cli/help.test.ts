import { describe, expect, test } from "vitest";
import { variableOf } from "../../src/cli/setting.ts";
import { settings } from "../../src/cli/settings.ts";
import { runCommand } from "../support/process.ts";

describe("help", () => {
  test("of the server shows every setting with its variable, its default and what it means, and ends with 0", async () => {
    const { code, out } = await runCommand(["serve", "--help"]);

    const lines = out.split("\n").map((line) => line.trim());
    const shown = Object.values(settings).map(({ flag }) => {
      const index = lines.findIndex((line) => line.split(" ")[0] === `--${flag}`);
      return lines.slice(index, index + 2);
    });
    const expected = Object.values(settings).map((setting) => {
      const value = "value" in setting ? ` ${setting.value}` : "";
      const byDefault = setting.byDefault === "" ? "" : `, by default ${setting.byDefault}`;
      return [`--${setting.flag}${value}  (${variableOf(setting)}${byDefault})`, setting.meaning];
    });
    expect(code).toBe(0);
    expect(shown).toEqual(expected);
  });

  test("of all fits on a screen, and says where the settings are", async () => {
    const { code, out } = await runCommand(["--help"]);

    expect(code).toBe(0);
    expect(out).toContain("'tenantry serve --help' lists its settings");
    expect(out.split("\n").length).toBeLessThan(60);
    expect(out.split("\n").filter((line) => line.length > 110)).toEqual([]);
  });
});
