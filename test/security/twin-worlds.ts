import { permissions } from "../../src/onboarding/permissions.ts";
import { minimal, openWorld } from "../server/world.ts";
import { partnerTables } from "../support/partner-guard.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import {
  type Answer,
  type Engine,
  newDomain,
  partner,
  type Service,
  signToken,
  startService,
} from "../support/service.ts";
import type { Ids } from "./offer-request.ts";
import { watch } from "./watch.ts";

/** What the partner of the inhabited world has, and what another may have got hold of. */
export interface Treasures {
  /** The ids of what there is, by the names of the entity sets. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly externalIds: readonly string[];
  readonly domains: readonly string[];
  readonly entityTags: readonly string[];
  /** Cursors and delta tokens, as query options. */
  readonly tokens: readonly string[];
  /** Keys under which repeatable requests are known. */
  readonly requestKeys: readonly string[];
}

/** Two worlds, of which one partner knows nothing: in the first there is another partner, and in the second nobody. */
export interface TwinWorlds extends AsyncDisposable {
  readonly treasures: Treasures;
  readonly worlds: readonly [Service, Service];
  readonly receiver: Receiver;
  /** Everything that the other partner has. */
  holdings(): Promise<unknown>;
}

/** Opens both worlds on databases of their own. */
export async function openTwinWorlds(engine: Engine): Promise<TwinWorlds> {
  const { service, names } = await openWorld(engine);
  const empty = await startService(engine);
  const receiver = await startReceiver();
  const watched = await watch(service, receiver);
  const key = "a-key-of-another-partner";
  await service.post(
    "/customers",
    { companyProfile: { domain: newDomain() }, billingProfile: {} },
    { headers: { "idempotency-key": key } },
  );
  const events = await service.rows(`select "id" from "auditEvents" where "partnerId" = '${partner}' limit 3`);
  const ofSet = (set: string, ...which: readonly string[]) => [set, which.map((name) => names[name] ?? "")] as const;
  const treasures = {
    ids: Object.fromEntries([
      ofSet("customers", "active", "runningCustomer", "failedCustomer"),
      ofSet("customerCreationOperations", "open", "running", "failed", "done", "canceled"),
      ["auditEvents", events.map(({ id }) => id)],
      ...["subscriptions", "notificationDeliveries"].map((set) => [set, [watched[set] ?? ""]] as const),
    ]),
    externalIds: ["crm-1", "crm-2"],
    domains: [names["activeDomain"] ?? "", names["openDomain"] ?? ""],
    entityTags: await Promise.all(
      [`/customers/${names["active"]}`, `/customerCreationOperations/${names["open"]}`].map(
        async (path) => (await service.get(path)).headers["ETag"] ?? "",
      ),
    ),
    tokens: (
      await Promise.all(["/customers", "/customerCreationOperations"].map((set) => tokensOf(service, set)))
    ).flat(),
    requestKeys: [key],
  };
  return {
    treasures,
    worlds: [service, empty],
    receiver,
    holdings: () => readHoldings(service),
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await empty[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

/** A partner that is in both worlds, and has an operation that is open, a customer on its way and a subscription in each. */
export async function settleIn({ worlds, receiver }: TwinWorlds, tid: string, domain: (name: string) => string) {
  const token = await signToken({ tid, roles: permissions });
  const settled = await Promise.all(
    worlds.map(async (service) => ({
      ...(await settle(service, token, domain)),
      ...(await watch(service, receiver, token)),
    })),
  );
  return { token, own: settled };
}

async function settle(service: Service, token: string, domain: (name: string) => string): Promise<Ids> {
  const operation = await service.post("/customerCreationOperations", { domain: domain("a") }, { token });
  const customer = await service.post(
    "/customers",
    { ...minimal, companyProfile: { domain: domain("b") }, externalId: "own-1" },
    { token },
  );
  const events = await service.get("/auditEvents?$top=1", { token });
  return {
    customerCreationOperations: operation.json.id,
    customers: customer.json.id,
    auditEvents: events.json.value[0].id,
  };
}

async function tokensOf(service: Service, set: string): Promise<readonly string[]> {
  const page = await service.get(`${set}?$top=1`);
  const round = await service.get(`${set}/delta()`);
  const first = await service.get(`${set}/delta()?$top=1`);
  const links = [page.json["@odata.nextLink"], round.json["@odata.deltaLink"], first.json["@odata.nextLink"]];
  return links.map((link: string) => link.slice(link.indexOf("?") + 1));
}

async function readHoldings(service: Service): Promise<unknown> {
  const tables = [...partnerTables].filter((table) => table !== "throttle");
  return Promise.all(
    tables.map((table) => service.rows(`select * from "${table}" where "partnerId" = '${partner}' order by 1, 2, 3`)),
  );
}

/** An answer without what may differ between two worlds: ids the server chose, instants, latencies, what tokens hold. */
export function comparable(answer: Answer, known: ReadonlySet<string>): unknown {
  const numbers = new Map<string, string>();
  const numberOf = (id: string) => {
    if (known.has(id)) return id;
    if (!numbers.has(id)) numbers.set(id, `#${numbers.size}`);
    return numbers.get(id) ?? "";
  };
  const text = JSON.stringify([answer.status, answer.headers, answer.text])
    .replaceAll(/((?:skip|delta)token=)[\w-]+/g, "$1…")
    .replaceAll(/(latencyMilliseconds\\*":)\d+/g, "$1…")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "@")
    .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, numberOf);
  return JSON.parse(text);
}
