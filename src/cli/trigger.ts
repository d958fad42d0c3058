import { randomBytes } from "node:crypto";
import { type Command, Option } from "commander";
import { type Client, OperationError } from "../client/client.ts";
import { type ConnectFlags, connect, withConnection } from "./connect.ts";
import { examples } from "./examples.ts";
import { say } from "./output.ts";
import { ConfigurationError } from "./setting.ts";

const suffix = "onmicrosoft.com";

/** What can be brought about, and how. Each gives the id of what it was about. */
const events: Readonly<Record<string, (client: Client, domainSuffix: string) => Promise<string>>> = {
  customerCreated: async (client, domainSuffix) => (await client.addCustomerAndWait(newCustomer(domainSuffix))).id,
  customerUpdated: async (client, domainSuffix) => {
    const { id } = await client.addCustomerAndWait(newCustomer(domainSuffix));
    return (await client.customers.update(id, { billingProfile: { companyName: "Fabrikam" } })).id;
  },
  customerDeleted: async (client, domainSuffix) => {
    const { id } = await client.addCustomerAndWait(newCustomer(domainSuffix));
    await client.customers.delete(id);
    return id;
  },
  operationSucceeded: async (client, domainSuffix) => {
    const { operationId } = await client.addCustomer(newCustomer(domainSuffix));
    await client.customerCreationOperations.finish(operationId);
    return operationId;
  },
  operationFailed: async (client, domainSuffix) => {
    // A magic word of the local provisioner in development mode.
    const { operationId } = await client.addCustomer(newCustomer(domainSuffix, "failtenant"));
    const error: unknown = await client.customerCreationOperations.finish(operationId).catch((failure) => failure);
    if (error instanceof OperationError) return operationId;
    throw (
      error ?? new Error("The operation succeeded: only the provisioner 'local' in development mode fails at will.")
    );
  },
  operationCanceled: async (client, domainSuffix) => {
    const { id } = await client.customerCreationOperations.create({ domain: newDomain(domainSuffix) });
    return (await client.customerCreationOperations.cancel(id)).id;
  },
};

/** The command that makes something happen, for whoever waits for it. */
export function addTriggerCommand(root: Command): void {
  const command = root
    .command("trigger")
    .argument("<event>", `one of ${Object.keys(events).join(", ")}`)
    .description("Make something happen, with customers made for it, to try what follows it.")
    .addOption(new Option("--domain-suffix <suffix>", "under which domains are made").default(suffix))
    .action(trigger);
  examples(withConnection(command), ["tenantry trigger customerCreated", "tenantry trigger operationFailed"]);
}

async function trigger(event: string, flags: ConnectFlags & { readonly domainSuffix: string }): Promise<void> {
  const bringAbout = events[event];
  if (bringAbout === undefined) {
    throw new ConfigurationError(`'${event}' is none of ${Object.keys(events).join(", ")}.`);
  }
  const id = await bringAbout(connect(flags).client, flags.domainSuffix);
  say(`${event}: done.`);
  process.stdout.write(`${id}\n`);
}

function newCustomer(domainSuffix: string, word = "try") {
  return { companyProfile: { domain: newDomain(domainSuffix, word) }, billingProfile: { companyName: "Contoso" } };
}

function newDomain(domainSuffix: string, word = "try"): string {
  return `${word}${randomBytes(6).toString("hex")}.${domainSuffix}`;
}
