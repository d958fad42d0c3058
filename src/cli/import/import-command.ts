import type { Command } from "commander";
import { type ConnectFlags, connect, withConnection } from "../connect.ts";
import { examples } from "../examples.ts";
import { exitCodes } from "../failures.ts";
import { type Format, outputOption, printRows } from "../output.ts";
import { faultColumns } from "./import-row.ts";

interface ImportFlags extends ConnectFlags {
  readonly apply?: true;
  readonly report?: string;
  readonly output: Format;
}

const attemptsMax = 10;

/** The command that adds the customers of a file. */
export function addImportCommand(root: Command): void {
  const command = root
    .command("import")
    .argument("<file>", "a file that ends in .csv, .ndjson or .jsonl")
    .description(
      "Add the customers of a file. Without --apply nothing is added: every fault is shown by line and column.",
    )
    .option("--apply", "add the customers; what has faults is left out, and told in the report")
    .option("--report <file>", "what became of each row; by default the name of the file with .report.ndjson")
    .addOption(outputOption())
    .action(importFile);
  examples(withConnection(command), [
    "tenantry import customers.csv",
    "tenantry import customers.csv --apply   # again after an interruption: it goes on where it was",
  ]);
}

async function importFile(file: string, flags: ImportFlags): Promise<void> {
  const { client, url } = connect(flags, { attemptsMax });
  const report = flags.report ?? `${file}.report.ndjson`;
  const faults =
    flags.apply === true
      ? await (await import("./add-customers.ts")).addCustomersOf(file, report, client, url)
      : await (await import("./rehearse.ts")).rehearse(file, client);
  if (faults.length === 0) return;
  await printRows(faults, flags.output, faultColumns);
  process.exitCode ??= exitCodes.failed;
}
