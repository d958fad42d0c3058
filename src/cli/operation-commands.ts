import type { Command } from "commander";
import { type CustomerCreationOperation, OperationError } from "../client/client.ts";
import { customerCreationOperation } from "../model/customer-creation-operation.ts";
import { type BodyFlags, collect, readBody } from "./bodies.ts";
import { columnsOf } from "./columns.ts";
import { type ConnectFlags, connect, withConnection } from "./connect.ts";
import { examples } from "./examples.ts";
import { followOperation } from "./follow.ts";
import { type ListFlags, printList, withList } from "./lists.ts";
import { type Format, outputOption, printOne } from "./output.ts";

type Flags = ConnectFlags & { readonly output: Format };

const listed = ["id", "domain", "status", "stage", "percentComplete", "createdDateTime"];

/** The commands for the operations that create customers. */
export function addOperationCommands(root: Command): void {
  const command = root.command("operations").description("Follow the operations that create customers.");
  examples(withList(command.command("list").description("List operations.")).action(listOperations), [
    `tenantry operations list --filter "status eq 'failed'"`,
  ]);
  examples(
    withConnection(command.command("get <id>").description("Show an operation."))
      .addOption(outputOption())
      .action(async (id: string, flags: Flags) => {
        await printOperation(await connect(flags).client.customerCreationOperations.get(id), flags.output);
      }),
    ["tenantry operations get 0199-… --output json"],
  );
  examples(
    withConnection(command.command("watch <id>").description("Show each step of an operation until it has ended."))
      .addOption(outputOption())
      .action(watchOperation),
    ["tenantry operations watch 0199-…", "tenantry operations watch 0199-… --output ndjson"],
  );
  examples(
    withCorrection(command.command("retry <id>").description("Try a failed operation again.")).action(retryOperation),
    ["tenantry operations retry 0199-… --set billingProfile/email=ana@contoso.example"],
  );
  examples(
    withConnection(command.command("cancel <id>").description("Cancel an operation that has not succeeded."))
      .addOption(outputOption())
      .action(async (id: string, flags: Flags) => {
        await printOperation(await connect(flags).client.customerCreationOperations.cancel(id), flags.output);
      }),
    ["tenantry operations cancel 0199-…"],
  );
}

async function listOperations(flags: ListFlags): Promise<void> {
  const { client } = connect(flags);
  await printList<CustomerCreationOperation>((query) => client.customerCreationOperations.list(query), flags, listed);
}

async function watchOperation(id: string, { output, ...flags }: Flags): Promise<void> {
  const { client } = connect(flags);
  if (output === "table") return followOperation(client, id, (line) => process.stdout.write(`${line}\n`));
  let last: CustomerCreationOperation | undefined;
  for await (const operation of client.customerCreationOperations.watch(id)) {
    if (output === "ndjson") await printOperation(operation, "ndjson");
    last = operation;
  }
  if (last !== undefined && output !== "ndjson") await printOperation(last, output);
  if (last !== undefined && last.status !== "succeeded") throw new OperationError(last);
}

function withCorrection(command: Command): Command {
  return withConnection(command)
    .option("--set <path=value>", "what is to be corrected of the customer first; may be repeated", collect)
    .addOption(outputOption());
}

async function retryOperation(id: string, flags: Flags & BodyFlags): Promise<void> {
  const { client } = connect(flags);
  const correction = flags.set === undefined ? undefined : readBody(flags);
  await printOperation(await client.customerCreationOperations.retry(id, correction), flags.output);
}

function printOperation(operation: CustomerCreationOperation, output: Format): Promise<void> {
  return printOne(
    operation,
    output,
    columnsOf(customerCreationOperation.properties).map(({ path }) => path),
  );
}
