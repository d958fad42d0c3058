import type { ServerProcess } from "../support/process.ts";
import { eventually } from "../support/service.ts";
import { sampleCustomer } from "./sample-customers.ts";

const customersMade = 8;
const failing = 3;

/** Fills a server with customers of several countries, one that failed, and an operation that waits. */
export async function fillServer(server: ServerProcess): Promise<void> {
  for (let index = 0; index < customersMade; index += 1) {
    const body = sampleCustomer(index, index === failing ? "failemail" : "succeeds");
    const { status } = await server.send("POST", "/v1.0/customers", body);
    if (status !== 201) throw new Error(`Customer ${index} was answered ${status}.`);
  }
  await server.send("POST", "/v1.0/customerCreationOperations", { domain: "waiting.onmicrosoft.com" });
  await eventually(async () => {
    const { json } = await server.send("GET", "/v1.0/customers/$count?$filter=lifecycleState%20eq%20'provisioning'");
    return json === 0 ? true : undefined;
  });
}

/** The page of the first customer with a name, and that of its operation. */
export async function addressesOf(server: ServerProcess, name: string) {
  const { json: customers } = await server.send("GET", `/v1.0/customers?$search="companyName:${name}"`);
  const [customer] = customers.value;
  const { domain } = customer.companyProfile;
  const { json: operations } = await server.send(
    "GET",
    `/v1.0/customerCreationOperations?$filter=domain%20eq%20'${domain}'`,
  );
  return { customer: `/customers/${customer.id}`, operation: `/operations/${operations.value[0].id}` };
}
