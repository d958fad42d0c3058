import { expect } from "vitest";
import { eventually, type Json, newDomain, origin, type Sending, type Service } from "./service.ts";

/** A round of delta: what all its pages said, and where the next one begins. */
export interface Round {
  readonly values: readonly Json[];
  readonly pages: readonly Json[];
  readonly deltaLink: string;
}

/** Reads a round to its end, from a path under `/v1.0` or from a link. */
export async function readRound(service: Service, from: string, sending: Sending = {}): Promise<Round> {
  await settle(service);
  const pages: Json[] = [];
  for (let link: string | undefined = from; link !== undefined; ) {
    const page: Json = await readPage(service, link, sending);
    pages.push(page);
    link = page["@odata.nextLink"];
  }
  const deltaLink: string = pages.at(-1)["@odata.deltaLink"];
  return { values: pages.flatMap((page) => page.value), pages, deltaLink };
}

/** Reads one page, which has exactly one of the two links. */
export async function readPage(service: Service, from: string, sending: Sending = {}): Promise<Json> {
  const { status, json } = await service.get(pathOf(from), sending);
  expect(`${status} ${json?.error?.message ?? ""}`).toBe("200 ");
  expect(["@odata.nextLink", "@odata.deltaLink"].filter((name) => name in json)).toHaveLength(1);
  return json;
}

/** The path of a link, as a test sends it. */
export function pathOf(link: string): string {
  return link.startsWith(origin) ? `!${link.slice(origin.length)}` : link;
}

/**
 * Waits until no transaction runs that is older than a change: also one of another database of the same server keeps
 * readers of the log waiting, and other tests make such.
 */
export async function settle(service: Pick<Service, "database" | "rows">): Promise<void> {
  if (service.database.dialect.engine === "sqlite") return;
  await eventually(async () => {
    const open = await service.rows(
      `select 1 from "changes" where "transactionId" >= pg_snapshot_xmin(pg_current_snapshot()) limit 1`,
    );
    return open.length === 0 ? true : undefined;
  });
}

/** Creates a customer and gives its id. */
export async function createCustomer(service: Service, body: object = {}, sending: Sending = {}): Promise<string> {
  const { status, json } = await service.post(
    "/customers",
    { companyProfile: { domain: newDomain() }, billingProfile: {}, ...body },
    sending,
  );
  expect(status).toBe(201);
  return json.id;
}
