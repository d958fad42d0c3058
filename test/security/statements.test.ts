import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { offers } from "../../src/onboarding/offers.ts";
import { localProvisioner } from "../../src/provisioners/local.ts";
import { everyPartner, type Scope } from "../../src/store/database.ts";
import { type Statement, sql } from "../../src/store/sql.ts";
import { startLoop } from "../../src/work/loop.ts";
import { finishWork, openOperation, openWorld, type World } from "../server/world.ts";
import { keepsAnswer, type Meddling, meddle } from "../support/failing-database.ts";
import { findPartnerFault, partnerTables } from "../support/partner-guard.ts";
import { idempotent } from "../support/repeatable.ts";
import { type Answer, engines, newDomain, otherPartner, partner, type Service } from "../support/service.ts";
import { requestOf } from "./offer-request.ts";
import { listSqlTemplates } from "./sql-templates.ts";

const own = sql`"partnerId" = ${partner}`;

/** Statements that could touch the rows of another partner. */
const faulty: readonly (readonly [sentence: string, scope: Scope, statement: Statement])[] = [
  ["names no partner", partner, sql`select * from "customers" where "id" = ${"a"}`],
  ["names another partner", partner, sql`select * from "customers" where "partnerId" = ${otherPartner}`],
  ["compares the partner with nothing that is bound", partner, sql`select * from "customers" where "partnerId" = "id"`],
  [
    "names no partner in what is joined",
    partner,
    sql`select * from "changes" as c left join "customers" as v on v."id" = c."entityId" where c.${own}`,
  ],
  [
    "names no partner in a select within",
    partner,
    sql`select * from "customers" where ${own} and exists (select 1 from "changes" where "entityId" = ${"a"})`,
  ],
  [
    "names the partner only in a select within",
    partner,
    sql`select * from "customers" where exists (select 1 from "changes" where ${own})`,
  ],
  ["changes rows of any partner", partner, sql`update "customers" set "version" = ${"a"} where "id" = ${"b"}`],
  ["deletes rows of any partner", partner, sql`delete from "repeatability" where "requestId" = ${"a"}`],
  [
    "makes a row of another partner",
    partner,
    sql`insert into "throttle" ("partnerId", "window", "granted") values (${otherPartner}, ${1}, ${1})`,
  ],
  [
    "is the server's own and says not whose the rows are",
    everyPartner,
    sql`update "customers" set "version" = ${"a"} where "id" = ${"b"}`,
  ],
];

describe("the watch over statements", () => {
  test.each(faulty)("finds one that %s", (_sentence, scope, statement) => {
    expect(findPartnerFault(scope, statement)).toMatch(/lacks the partner|not the partner's/);
  });

  test("knows the tables of the model and some more", () => {
    expect([...partnerTables]).toEqual(expect.arrayContaining(["customers", "customerCreationOperations", "changes"]));
  });
});

describe.each(engines)("the statements of the service on %s", (engine) => {
  test("each name the partner wherever they touch partners' data, and all of the sources are among them", async () => {
    const { meddling, through } = meddle();
    const sent: string[] = [];
    const note = ({ texts }: Statement) => void sent.push(...texts);
    meddling.beforeRead = note;
    meddling.beforeWrite = (statements) => statements.forEach(note);
    const world = await openWorld(engine, { through });
    await using _ = world.service;
    await driveEverything(world);
    await driveRepetitions(world.service, meddling);
    await driveTheClock(world.service);
    // The service watches over its statements itself: see guarded().

    const unseen = listSqlTemplates(partnerTables).filter(({ text }) => !sent.some((each) => each.includes(text)));

    expect(unseen).toEqual([]);
  });
});

/** Has the service do everything that it has a statement for. */
async function driveEverything({ service, names }: World): Promise<void> {
  const ids = { customers: names["active"] ?? "", customerCreationOperations: names["done"] ?? "" };
  for (const offer of offers.filter(({ method }) => method === "GET")) {
    const { method, path } = requestOf(offer, ids);
    const answer = await service.send(method, path);
    expect(answer.status, path).toBe(200);
  }
  await drive(
    service,
    "GET",
    "/customerCreationOperations?$filter=customer/any(c:c/externalId eq 'crm-1')&$expand=customer&$count=true&$top=1&$orderby=domain",
  );
  const { json } = await service.get("/customers/delta()");
  await drive(service, "GET", json["@odata.deltaLink"].replace(names["origin"], "!"));
  await drive(service, "POST", `/customerCreationOperations/${names["open"]}/customer/$ref`, {
    "@odata.id": `customers/${names["active"]}`,
  });
  await drive(service, "DELETE", `/customerCreationOperations/${names["canceled"]}`);
  await drive(service, "DELETE", `/customerCreationOperations/${names["running"]}`);
  await drive(service, "PATCH", `/customers/${names["active"]}`, { metadata: { a: "b" } });
  await drive(service, "DELETE", `/customers/${names["failedCustomer"]}`);
}

/** Requests that are sent twice, lost on the way, found as they ask for, and forgotten. */
async function driveRepetitions(service: Service, meddling: Meddling): Promise<void> {
  const body = () => ({ companyProfile: { domain: newDomain() }, billingProfile: {} });
  const [lost, kept] = [idempotent(), idempotent()];
  const [first, second] = [body(), body()];
  await drive(service, "POST", "/customers", first, kept.headers);
  const { beforeWrite } = meddling;
  meddling.beforeWrite = (statements) => {
    if (keepsAnswer(statements)) throw new Error("The process dies.");
    return beforeWrite(statements);
  };
  const died = await service.post("/customers", second, lost);
  meddling.beforeWrite = beforeWrite;
  const again = await drive(service, "POST", "/customers", second, lost.headers);
  expect([died.status, again.headers["Idempotency-Replayed"]]).toEqual([503, "true"]);
  const { id, domain } = await openOperation(service);
  await drive(service, "PATCH", `/customerCreationOperations/${id}`, { domain }, idempotent().headers);
  await drive(service, "PATCH", `/customerCreationOperations/${id}`, { domain: newDomain() });
  service.advance(25 * 3600);
  await drive(service, "POST", "/customers", { ...body() }, kept.headers);
}

/** What the work loop does: it renews its leases, provisions, undoes what was canceled, and forgets what is past. */
async function driveTheClock(service: Service): Promise<void> {
  const { context } = service;
  const local = localProvisioner({ database: context.database, clock: context.clock, newId: randomUUID });
  const slow = {
    ...local,
    provision: (...order: Parameters<typeof local.provision>) => sleep(30).then(() => local.provision(...order)),
  };
  const impatient = { ...context, limits: { ...context.limits, leaseSeconds: 0.06 } };
  const loop = startLoop({ context: impatient, provisioner: slow });
  await sleep(200);
  await loop.close();
  await openOperation(service);
  service.advance(25 * 3600);
  await finishWork(service);
}

/** A request that is carried out. */
async function drive(service: Service, method: string, path: string, body?: object, headers = {}): Promise<Answer> {
  const answer = await service.send(method, path, { headers, ...(body === undefined ? {} : { body }) });
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
  return answer;
}
