import { type Setting, variableOf } from "../../src/cli/setting.ts";
import { settings } from "../../src/cli/settings.ts";
import { code, generatedFrom, printTable } from "./table.ts";

/** Prints the page of the settings of a server. */
export function printSettings(): string {
  const lines = [
    "# Settings",
    "",
    generatedFrom("src/cli/settings.ts"),
    "",
    "Every setting of `serve`, `quickstart`, `doctor` and `migrate` is a flag and an environment variable. A flag stands above",
    "the variable, the variable above the default. A value can be in a file, as secrets are often mounted: the variable with",
    "`_FILE` behind its name, such as `TENANTRY_DATABASE_URL_FILE`, names it. `npx tenantry serve --help` prints this list.",
    "",
    ...printTable(["Flag", "Variable", "Default", "Meaning"], Object.values(settings).map(printRow)),
    "",
    "`--limits` takes [limits](limits.md) by their names. Traces have the variables of OpenTelemetry:",
    "[operating.md](operating.md#traces).",
  ];
  return `${lines.join("\n")}\n`;
}

function printRow(setting: Setting): readonly string[] {
  const { flag, value, byDefault, meaning } = setting;
  return [
    code(`--${flag}${value === undefined ? "" : ` ${value}`}`),
    code(variableOf(setting)),
    code(byDefault),
    meaning,
  ];
}
