import { type Client, odata } from "../../client/client.ts";
import { valueAt } from "../columns.ts";
import type { ImportRow } from "./import-row.ts";

/** Finds the customer that a row would add, when it is there already: with the domain and the key of the row. */
export async function findExisting(client: Client, { values }: ImportRow): Promise<string | undefined> {
  const domain = valueAt(values, "companyProfile/domain");
  if (typeof domain !== "string") return undefined;
  const filter = odata`companyProfile/domain eq ${domain.trim().toLowerCase()}`;
  const [found] = await Array.fromAsync(client.customers.list({ filter, select: ["id", "externalId"] }));
  const externalId = valueAt(values, "externalId") ?? null;
  return found?.externalId === externalId ? found.id : undefined;
}
