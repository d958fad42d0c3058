import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { purgeChanges } from "../../src/store/change-log.ts";
import { claimOperations } from "../../src/store/claim.ts";
import { type Database, everyPartner } from "../../src/store/database.ts";
import { readDueWork } from "../../src/store/due-work.ts";
import { claimLanes, isAnyLaneUnsettled } from "../../src/store/notification-lanes.ts";
import { purgeCustomers, purgeOperations } from "../../src/store/purge.ts";
import { raw } from "../../src/store/sql.ts";
import { customerOf, fillStatements, partnerOf } from "../support/many-customers.ts";
import { explain, type Plan, type Sent } from "../support/plans.ts";
import { engines, newDomain, type Service, signToken, startService } from "../support/service.ts";

const pageRows = 101;
/** Of a change the newest and the entity are looked up, and every table of a partner holds what is passed over. */
const readRowsMax = 10 * pageRows;
const late = "2026-12-31T00:00:00.000Z";

const worlds = [
  { partners: 1, customersEach: 20_000 },
  { partners: 1_000, customersEach: 20 },
  { partners: 200, customersEach: 200 },
];

const named = "startswith(companyProfile/companyName,'Con')";
const byName = "$orderby=companyProfile/companyName";

/** What is asked of a list, the index that serves it, and the range that is read of it, as SQLite describes it. */
const pages = [
  ["/customers", "key", "partnerId=?"],
  [`/customers?$filter=${named}&${byName}&$select=id`, "companyName", "partnerId=? AND $name>? AND $name<?"],
  [`/customers?$filter=${named}&${byName} desc`, "companyName", "partnerId=? AND $name>? AND $name<?"],
  [`/customers?${byName}`, "companyName", "partnerId=?"],
  [`/customers?${byName} desc`, "companyName", "partnerId=?"],
  ["/customers?$orderby=companyProfile/domain", "domain", "partnerId=?"],
  ["/customers?$orderby=billingProfile/email desc", "email", "partnerId=?"],
  ["/customers?$orderby=billingProfile/defaultAddress/country", "country", "partnerId=?"],
  ["/customers?$orderby=createdDateTime desc", "created", "partnerId=?"],
  ["/customers?$orderby=externalId", "externalId_order", "partnerId=?"],
  ["/customers?$filter=companyProfile/companyName eq 'Contoso 1'", "companyName", "partnerId=? AND $name=?"],
  ["/customers?$filter=companyProfile/domain eq 'c1.onmicrosoft.com'", "domain", "partnerId=? AND $domain=?"],
  ["/customers?$filter=billingProfile/email eq 'a@b.example'", "email", "partnerId=? AND $email=?"],
  ["/customers?$filter=billingProfile/defaultAddress/country eq 'PT'", "country", "partnerId=? AND $country=?"],
  [
    "/customers?$filter=createdDateTime ge 2026-01-02T00:00:00Z&$orderby=createdDateTime",
    "created",
    "partnerId=? AND createdDateTime>?",
  ],
  ["/customers?$filter=externalId eq 'crm-1'", "externalId", "partnerId=? AND externalId=?"],
  [`/customers/${customerOf(0)}`, "key", "partnerId=? AND id=?"],
  ["/customerCreationOperations", "operations", "partnerId=?"],
  [`/customerCreationOperations/${customerOf(0)}`, "operations", "partnerId=? AND id=?"],
] as const;

/** Where the next page begins, by the range that is read of it. */
const nextPages = [
  ["/customers", "key", "partnerId=? AND id>?"],
  [`/customers?$filter=${named}&${byName}`, "companyName", "partnerId=? AND ($name,id)>(?,?) AND $name<?"],
  [`/customers?$filter=${named}&${byName} desc`, "companyName", "partnerId=? AND $name>? AND ($name,id)<(?,?)"],
  [`/customers?${byName}`, "companyName", "partnerId=? AND $name=? AND id>?"],
  [`/customers?${byName} desc`, "companyName", "partnerId=? AND ($name,id)<(?,?)"],
  ["/customers?$orderby=createdDateTime desc", "created", "partnerId=? AND (createdDateTime,id)<(?,?)"],
  [
    "/customers?$filter=createdDateTime ge 2026-01-02T00:00:00Z&$orderby=createdDateTime",
    "created",
    "partnerId=? AND (createdDateTime,id)>(?,?)",
  ],
] as const;

const columns: Readonly<Record<string, string>> = {
  $name: "companyProfile_companyName",
  $domain: "companyProfile_domain",
  $email: "billingProfile_email",
  $country: "billingProfile_defaultAddress_country",
};

describe.each(engines)("on %s,", (engine) => {
  describe.each(worlds)("with $partners partners of $customersEach customers,", (amount) => {
    const sent: Sent[] = [];
    let service: Service;
    let token: string;
    beforeAll(async () => {
      service = await startService(engine, { through: (database) => noted(database, sent) });
      token = await signToken({ tid: partnerOf(0) });
      for (const statement of fillStatements(amount)) await service.database.write(everyPartner, [raw(statement)]);
      // On PostgreSQL autovacuum does it; to SQLite nobody tells how many there are, and it goes by the statement alone.
      if (engine === "postgres") await service.database.write(everyPartner, [raw("analyze")]);
    }, 120_000);
    afterAll(() => service[Symbol.asyncDispose]());

    /** The plans of all statements that the service sends while it does something. */
    async function plansOf(work: () => Promise<unknown>, kinds = ["read", "write"]): Promise<readonly Plan[]> {
      sent.length = 0;
      await work();
      const statements = sent.filter(({ kind }) => kinds.includes(kind));
      const plans = [];
      for (const each of statements) plans.push(...(await explain(service.database, each)));
      return plans;
    }

    async function get(path: string): Promise<string> {
      const { status, json } = await service.get(path, { token });
      expect(status).toBe(200);
      return json["@odata.nextLink"] ?? json["@odata.deltaLink"] ?? "";
    }

    const stepOf = (index: string, range: string) => {
      const name = indexName(engine, index);
      if (engine === "postgres") return name;
      return `USING INDEX ${name} (${range.replaceAll(/\$\w+/g, (word) => columns[word] ?? word)})`;
    };

    test.each(pages)("GET %s reads a range of one index", async (path, index, range) => {
      const plans = await plansOf(() => get(path), ["read"]);

      expect(plans.map(({ steps }) => steps.join())).toContainEqual(expect.stringContaining(stepOf(index, range)));
      expect(plans.filter(isDear)).toEqual([]);
    });

    test.each(nextPages)("the page behind that of GET %s begins where that one ended", async (path, index, range) => {
      const next = await get(`${path}${path.includes("?") ? "&" : "?"}$top=1`);

      const plans = await plansOf(() => get(next.replace(/^.*\/v1\.0/, "")), ["read"]);

      expect(plans.map(({ steps }) => steps.join())).toContainEqual(expect.stringContaining(stepOf(index, range)));
      expect(plans.filter(isDear)).toEqual([]);
    });

    test.each(["/customers/$count", `/customers/$count?$filter=${named}`, "/customers?$search=wingtip"])(
      "GET %s reads the partner's share of the table and no more",
      async (path) => {
        const plans = await plansOf(() => service.get(path, { token }));

        expect(plans.flatMap(({ scanned }) => scanned)).toEqual([]);
      },
    );

    test("what has changed is found without the log being put in order", async () => {
      const all = await get("/customers/delta?$deltatoken=latest");
      const id = customerOf(0);
      await service.patch(`/customers/${id}`, { companyProfile: { companyName: "Contoso" } }, { token });

      const plans = await plansOf(() => get(all.replace(/^.*\/v1\.0/, "")), ["read"]);

      expect(plans.length).toBeGreaterThan(0);
      expect(plans.filter(isDear)).toEqual([]);
    });

    test("adding a customer, alone or in a batch, looks nothing up but by keys", async () => {
      const add = async () => {
        const opened = await service.post("/customerCreationOperations", { domain: newDomain() }, { token });
        const url = `/customerCreationOperations/${opened.json.id}/customer/$ref`;
        expect((await service.post(url, { companyProfile: {}, billingProfile: {} }, { token })).status).toBe(204);
        const body = { companyProfile: {}, billingProfile: {} };
        const request = { method: "POST", url: "/customers", headers: { "content-type": "application/json" }, body };
        const requests = ["1", "2"].map((id) => ({
          id,
          ...request,
          body: { ...body, companyProfile: { domain: newDomain() } },
        }));
        const { json } = await service.post("/$batch", { requests }, { token });
        expect(json.responses.map(({ status }: { status: number }) => status)).toEqual([201, 201]);
      };

      const plans = await plansOf(add);

      expect(plans.flatMap(({ scanned }) => scanned)).toEqual([]);
      expect(plans.length).toBeGreaterThan(10);
    });

    test("the work loop finds what is due by an index", async () => {
      const { database } = service.context;
      const claim = { owner: "me", now: late, leaseExpirationDateTime: late, limit: 16 };

      const plans = await plansOf(async () => {
        await claimOperations(database, claim);
        await claimLanes(database, claim);
        await isAnyLaneUnsettled(database, late);
        await readDueWork(database, late);
        await service.context.quotas(partnerOf(0), ["customers", "operations"]);
        await purgeOperations(database, late, 2);
        await purgeCustomers(database, late, 2);
        await purgeChanges(database, late, 2);
      });

      expect(plans.flatMap(({ scanned }) => scanned)).toEqual([]);
      expect(plans.length).toBeGreaterThan(10);
    });
  });
});

function isDear({ scanned, sorted, read }: Plan): boolean {
  return scanned.length > 0 || sorted > pageRows || read > readRowsMax;
}

function indexName(engine: string, index: string): string {
  const table = index === "operations" ? "customerCreationOperations" : "customers";
  if (index !== "key" && index !== "operations") return `customers_${index}`;
  return engine === "sqlite" ? `sqlite_autoindex_${table}_1` : `${table}_pkey`;
}

/** Lets statements through and notes them, those of transactions too. */
function noted(database: Database, sent: Sent[]): Database {
  return {
    ...database,
    read(scope, statement) {
      sent.push({ scope, statement, kind: "read" });
      return database.read(scope, statement);
    },
    write(scope, statements) {
      sent.push(...statements.map((statement) => ({ scope, statement, kind: "write" }) as const));
      return database.write(scope, statements);
    },
  };
}
