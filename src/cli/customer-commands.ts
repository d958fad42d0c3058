import type { Command } from "commander";
import type { Client, Customer } from "../client/client.ts";
import { type BodyFlags, collect, customerColumns, newCustomer, readBody } from "./bodies.ts";
import { type ConnectFlags, connect, withConnection } from "./connect.ts";
import { examples } from "./examples.ts";
import { followOperation } from "./follow.ts";
import { type ListFlags, printList, withList } from "./lists.ts";
import { type Format, outputOption, printOne, say } from "./output.ts";

const listed = ["id", "externalId", "companyProfile/domain", "billingProfile/companyName", "lifecycleState"];

interface WriteFlags extends ConnectFlags, BodyFlags {
  readonly output: Format;
}

/** The commands for customers. */
export function addCustomerCommands(root: Command): void {
  const command = root.command("customers").description("Look after customers.");
  examples(withList(command.command("list").description("List customers.")).action(listCustomers), [
    "tenantry customers list",
    `tenantry customers list --filter "lifecycleState eq 'active'" --orderby "createdDateTime desc" --limit 10`,
    "tenantry customers list --search contoso --output csv --columns id,companyProfile/domain",
  ]);
  examples(
    withConnection(command.command("get <id>"))
      .description("Show a customer, named by its id or by externalId=….")
      .addOption(outputOption())
      .action(getCustomer),
    ["tenantry customers get externalId=crm-4711", "tenantry customers get externalId=crm-4711 --output json"],
  );
  examples(
    withBody(command.command("add").description("Add a customer. Its tenant is made afterwards."))
      .option("--wait", "show how far it is and end when the tenant is there")
      .action(addCustomer),
    [
      "tenantry customers add --wait --set companyProfile/domain=contoso.onmicrosoft.com --set billingProfile/companyName=Contoso",
      "tenantry customers add --file contoso.json",
    ],
  );
  examples(
    withBody(command.command("update <id>").description("Change a customer."))
      .option("--if-match <tag>", "only if its entity tag is still this one")
      .action(updateCustomer),
    ["tenantry customers update externalId=crm-4711 --set billingProfile/email=ana@contoso.example"],
  );
  examples(
    withConnection(command.command("delete <id...>"))
      .description("Delete customers. They can be restored by nobody, and their domains stay taken for a while.")
      .option("--if-match <tag>", "only if the entity tag is still this one")
      .action(deleteCustomers),
    ["tenantry customers delete externalId=crm-4711"],
  );
}

async function listCustomers(flags: ListFlags): Promise<void> {
  const { client } = connect(flags);
  await printList<Customer>((query) => client.customers.list(query), flags, listed);
}

async function getCustomer(id: string, flags: ConnectFlags & { readonly output: Format }): Promise<void> {
  const { client } = connect(flags);
  await printCustomer(await client.customers.get(keyOf(id)), flags.output);
}

async function addCustomer(flags: WriteFlags & { readonly wait?: true }): Promise<void> {
  const { client } = connect(flags);
  const { customer, operationId } = await client.addCustomer(newCustomer(readBody(flags)));
  if (flags.wait !== true) {
    say(`The operation is ${operationId}; 'tenantry operations watch' follows it.`);
    return printCustomer(customer, flags.output);
  }
  await followOperation(client, operationId, say);
  await printCustomer(await client.customers.get(customer.id), flags.output);
}

async function updateCustomer(id: string, flags: WriteFlags & { readonly ifMatch?: string }): Promise<void> {
  const { client } = connect(flags);
  // Without a tag a key that nobody has would create a customer: a slip of the pen must not.
  const changed = await client.customers.update(keyOf(id), readBody(flags), { ifMatch: flags.ifMatch ?? "*" });
  await printCustomer(changed, flags.output);
}

async function deleteCustomers(ids: readonly string[], flags: ConnectFlags & { readonly ifMatch?: string }) {
  const { client } = connect(flags);
  for (const id of ids) {
    await client.customers.delete(keyOf(id), flags.ifMatch === undefined ? {} : { ifMatch: flags.ifMatch });
    say(`${id} is deleted.`);
  }
}

function withBody(command: Command): Command {
  return withConnection(command)
    .option("--set <path=value>", "a value, such as billingProfile/email=ana@contoso.example; may be repeated", collect)
    .option("--file <file>", "a file of JSON, or '-' for standard input")
    .addOption(outputOption());
}

function printCustomer(customer: Customer, output: Format): Promise<void> {
  return printOne(
    customer,
    output,
    customerColumns.map(({ path }) => path),
  );
}

/** Reads how a customer is named: by its id, or by the partner's own key. */
function keyOf(text: string): Parameters<Client["customers"]["get"]>[0] {
  const [, externalId] = /^externalId=(.+)$/s.exec(text) ?? [];
  return externalId === undefined ? text : { externalId };
}
