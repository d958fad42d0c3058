import type { ServerProcess } from "../support/process.ts";
import { eventually } from "../support/service.ts";

const places = [
  { country: "PT", city: "Lisboa", postalCode: "1100-053", culture: "pt-PT", language: "pt" },
  { country: "DE", city: "Berlin", postalCode: "10115", culture: "de-DE", language: "de" },
  { country: "FR", city: "Paris", postalCode: "75001", culture: "fr-FR", language: "fr" },
] as const;
const names = [
  "Fabrikam",
  "Contoso",
  "Adventure Works",
  "Northwind",
  "Tailspin Toys",
  "Wingtip",
  "Litware",
  "Proseware",
];

/** Fills a server with customers of several countries, some that failed, and an operation that waits. */
export async function fillServer(server: ServerProcess): Promise<void> {
  for (const [index, name] of names.entries()) {
    const { culture, language, ...place } = places[index % places.length] ?? places[0];
    // The domain makes the local provisioner fail for want of an e-mail address.
    const isFailing = index === 3;
    const { status } = await server.send("POST", "/v1.0/customers", {
      companyProfile: { domain: `${isFailing ? "failemail" : "customer"}${index}.onmicrosoft.com` },
      billingProfile: {
        ...(isFailing ? {} : { email: `ana@${name.toLowerCase().replaceAll(" ", "")}.example` }),
        ...{ culture, language, companyName: `${name} Lda` },
        defaultAddress: { ...place, addressLine1: `Rua Augusta ${index + 1}`, firstName: "Ana", lastName: "Reis" },
      },
    });
    if (status !== 201) throw new Error(`'${name}' was answered ${status}.`);
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
