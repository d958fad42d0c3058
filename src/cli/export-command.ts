import { type Command, Option } from "commander";
import { customerColumns } from "./bodies.ts";
import { type ConnectFlags, connect, withConnection } from "./connect.ts";
import { examples } from "./examples.ts";
import { printRows } from "./output.ts";

const pageSize = 500;

interface ExportFlags extends ConnectFlags {
  readonly output?: "csv" | "ndjson" | "json";
  readonly filter?: string;
  readonly forImport?: true;
}

/** The command that writes all customers to a file. */
export function addExportCommand(root: Command): void {
  const command = root
    .command("export")
    .argument("[file]", "where to; by default standard output")
    .description("Write all customers, in the order in which they were created.")
    .addOption(
      new Option("--output <format>", "how; by default as the name of the file ends, else ndjson").choices([
        "csv",
        "ndjson",
        "json",
      ]),
    )
    .option("--filter <expression>", "an expression of OData that says which")
    .option("--for-import", "in CSV only the columns that 'tenantry import' takes")
    .action(exportCustomers);
  examples(withConnection(command), [
    "tenantry export customers.csv",
    "tenantry export --filter \"lifecycleState eq 'active'\" | jq .companyProfile.domain",
  ]);
}

async function exportCustomers(file: string | undefined, flags: ExportFlags): Promise<void> {
  const { client } = connect(flags);
  const [, ending] = /\.(csv|json)$/i.exec(file ?? "") ?? [];
  const format = flags.output ?? (ending?.toLowerCase() === "csv" ? "csv" : ending === undefined ? "ndjson" : "json");
  const columns = customerColumns.filter(({ isSettable }) => flags.forImport !== true || isSettable);
  const customers = client.customers.list({
    orderBy: "createdDateTime,id",
    pageSize,
    ...(flags.filter === undefined ? {} : { filter: flags.filter }),
  });
  await printRows(
    customers,
    format,
    columns.map(({ path }) => path),
    file,
  );
}
