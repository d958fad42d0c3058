import { readFileSync } from "node:fs";
import tab from "@bomb.sh/tab/commander";
import { Command, CommanderError, Help, Option } from "commander";
import { limits } from "../onboarding/limits.ts";
import type { Configuration } from "./config.ts";
import { addCustomerCommands } from "./customer-commands.ts";
import { examples } from "./examples.ts";
import { addExportCommand } from "./export-command.ts";
import { exitCodeOf, exitCodes, printExitCodes, printFailure } from "./failures.ts";
import { addImportCommand } from "./import/import-command.ts";
import { addListenCommand } from "./listen.ts";
import { addLogsCommand } from "./logs.ts";
import { addOperationCommands } from "./operation-commands.ts";
import { outputOption } from "./output.ts";
import { addServerCommands } from "./server-commands.ts";
import { variableOf } from "./setting.ts";
import { type SettingName, settings } from "./settings.ts";
import { defaultPartner, printToken } from "./token.ts";
import { addTriggerCommand } from "./trigger.ts";

const serverSettings = Object.keys(settings).filter((name): name is SettingName => name in settings);

/** Runs the command line. */
export async function main(words: readonly string[]): Promise<void> {
  endWithReader();
  try {
    await program().parseAsync([...words], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.wrongCall;
      return;
    }
    process.stderr.write(`${printFailure(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

function program(): Command {
  const root = new Command("tenantry")
    .description("Customer onboarding for cloud resellers, in the manner of Microsoft Graph.")
    .version(readVersion())
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      "after",
      `\nWithout a command the server is started: 'tenantry serve --help' lists its settings.\n\nExit codes:\n${printExitCodes()}`,
    );

  withSettings(root.command("serve", { isDefault: true }).description("Start the server."), serverSettings).action(
    async (flags) => (await import("./serve.ts")).serve(await configurationOf(flags)),
  );
  withSettings(
    root.command("quickstart").description("Start the server and add a customer through the Graph client."),
    serverSettings,
  )
    .option("--exit", "end when the story is told; the exit code is 0 only if every step succeeded")
    .action(async (flags) => {
      const configuration = await configurationOf(flags, { TENANTRY_TLS: "auto", TENANTRY_LOG_LEVEL: "error" });
      await (await import("./quickstart.ts")).quickstart(configuration, flags.exit === true);
    });
  withSettings(root.command("token").description("Print a token of development mode, and nothing else."), [
    "dataDirectory",
  ])
    .option("--partner <guid>", "the partner whose data it opens", defaultPartner)
    .option("--permissions <list>", "what it allows, separated by spaces or commas", "Customer.ReadWrite.All")
    .option("--expires <span>", "how long it is good for", "1h")
    .action(async (flags) => {
      const { dataDirectory } = await configurationOf({ dataDirectory: flags.dataDirectory });
      await printToken({ ...flags, dataDirectory });
    });
  addDatabaseCommands(root);
  addCustomerCommands(root);
  addOperationCommands(root);
  addImportCommand(root);
  addExportCommand(root);
  addServerCommands(root);
  addTriggerCommand(root);
  addListenCommand(root);
  addLogsCommand(root);
  const doctor = root.command("doctor").description("Examine what a server needs, and say what to do.");
  examples(withSettings(doctor, serverSettings), ["tenantry doctor", "tenantry doctor --output json"])
    .addOption(outputOption())
    .action(async (flags) => (await import("./doctor/doctor.ts")).doctor(await configurationOf(flags), flags.output));
  // Adds the command that prints the script of a shell, and the hidden one that such a script asks.
  tab(root, { completionCommandName: "completion" });
  return root;
}

// Whoever reads what is printed may stop reading, as head does: then there is nobody left to print for.
function endWithReader(): void {
  process.stdout.on("error", (error) => {
    if ("code" in error && error.code === "EPIPE") process.exit();
    throw error;
  });
}

function addDatabaseCommands(root: Command): void {
  const migrate = root.command("migrate").description("Look after the tables of the database.");
  for (const [verb, summary] of Object.entries(migrateVerbs)) {
    withSettings(migrate.command(verb).description(summary), ["dataDirectory", "databaseUrl"]).action(async (flags) =>
      (await import("./migrate.ts")).migrateCommand(verb, await configurationOf(flags)),
    );
  }
  withSettings(root.command("backup").description("Copy the embedded database into a new file; a server may run."), [
    "dataDirectory",
    "databaseUrl",
  ])
    .argument("<file>", "the file to be made")
    .action(async (file, flags) => (await import("./backup.ts")).backupCommand(file, await configurationOf(flags)));
}

const migrateVerbs = {
  up: "Apply what is pending.",
  status: "List every migration and its state. The exit code is 1 when something is pending.",
  verify:
    "Check that the migrations that were applied are those of this version. The exit code is 1 when they are not.",
} as const;

function withSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const { flag, meaning, ...setting } = settings[name];
    const value = "value" in setting ? ` <${setting.value}>` : "";
    const option = new Option(`--${flag}${value}`, meaning);
    // Commander makes its own name of a flag; ours is that of the settings table.
    option.attributeName = () => name;
    command.addOption(option);
  }
  if (names === serverSettings) {
    command.configureHelp({ formatHelp: formatWithoutSettings });
    command.addHelpText(
      "after",
      `\nSettings, as flags or as variables (NAME_FILE names a file with the value):\n\n${printSettings()}\n\nLimits:\n\n${printLimits()}`,
    );
  }
  return command;
}

// The table of settings shows them with their variables and defaults. They are not hidden: of what is hidden Commander
// makes no suggestion when it is misspelt.
function formatWithoutSettings(command: Command, helper: Help): string {
  const isSetting = (option: Option) => Object.values(settings).some(({ flag }) => option.long === `--${flag}`);
  const narrowed = Object.assign(Object.create(helper), {
    visibleOptions: (each: Command) => helper.visibleOptions(each).filter((option) => !isSetting(option)),
  });
  return Help.prototype.formatHelp.call(narrowed, command, narrowed);
}

function printSettings(): string {
  const rows = Object.values(settings).map((setting) => {
    const value = "value" in setting ? ` ${setting.value}` : "";
    const byDefault = setting.byDefault === "" ? "" : `, by default ${setting.byDefault}`;
    return `  --${setting.flag}${value}  (${variableOf(setting)}${byDefault})\n      ${setting.meaning}`;
  });
  return rows.join("\n");
}

function printLimits(): string {
  const width = Math.max(...Object.keys(limits).map((name) => name.length));
  return Object.entries(limits)
    .map(([name, byDefault]) => `  ${name.padEnd(width)}  ${byDefault}`)
    .join("\n");
}

// What a server needs is loaded by the commands that need it: the others, and completion above all, answer at once.
async function configurationOf(
  flags: Readonly<Partial<Record<SettingName, string | boolean>>>,
  defaults: Readonly<Record<string, string>> = {},
): Promise<Configuration> {
  return (await import("./config.ts")).readConfiguration(flags, { ...defaults, ...process.env });
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return String(version);
}
