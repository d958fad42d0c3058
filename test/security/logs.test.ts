import { describe, expect, test } from "vitest";
import { raw } from "../../src/store/sql.ts";
import { activeBody } from "../server/world.ts";
import { meddle } from "../support/failing-database.ts";
import { createStorage, startProcess } from "../support/process.ts";
import { engines, newDomain, partner, signToken, startService } from "../support/service.ts";
import { findLeak, watchedLog } from "../support/watched-log.ts";

const email = "planted@person.example";

describe("the watch over the logs of the suite", () => {
  test.each([
    ["a token", async () => `token ${await signToken()}`],
    ["an address", async () => `{"path":"/v1.0/customers/${email}"}`],
    ["a company", async () => "The customer Fabrikam"],
    ["a key", async () => "-----BEGIN EC PRIVATE KEY-----"],
  ])("finds %s", async (_what, text) => {
    expect(findLeak(await text())).toBeDefined();
    expect(findLeak("the work loop could not claim operations")).toBeUndefined();
  });
});

describe.each(engines)("the log of a service on %s", (engine) => {
  test("tells a failure of the database without the row that it was about", async () => {
    const { meddling, through } = meddle();
    await using service = await startService(engine, { through });
    // PostgreSQL says of such a row: "Failing row contains (…)", with everything that is in it.
    const statement = raw(
      `insert into "customers" ("partnerId", "id", "billingProfile_email") values ('${partner}', 'a', '${email}')`,
    );
    meddling.beforeWrite = () => service.database.read(partner, statement).then(() => undefined);

    const { status } = await service.post("/customers", { ...activeBody, companyProfile: { domain: newDomain() } });

    expect(status).toBe(500);
    expect(service.logged.filter((line) => line.includes("a request failed"))).toHaveLength(1);
    expect(service.logged.join("")).not.toMatch(/planted|Fabrikam/);
    expect(service.logged.join("")).toMatch(/"frames":\["at /);
  });
});

test("an error is told without the values that it quotes, with its causes and where it was thrown", () => {
  const { log, lines, assertClean } = watchedLog();
  const cause = new Error(`invalid input syntax for type json: "${email}"`);

  log.warn({ err: new Error(`Key (partnerId, externalId)=(a, ${email}) exists.`, { cause }) }, "planned");
  const [line = ""] = lines;

  assertClean();
  expect(JSON.parse(line)).toMatchObject({
    level: 40,
    err: { type: "Error", message: "Key … exists.", cause: { message: "invalid input syntax for type json: …" } },
  });
});

test.each([
  ["/v1.0/customers?$filter=billingProfile/email eq 'a'", "/customers"],
  [`/v1.0/customers(externalId='${email}')/billingProfile`, "/customers/{id}/{property}"],
  [`/v1.0/customers%28externalId=%27${email}%27)`, "/customers/{id}"],
  [`/v1.0/customers/${email}`, "/customers/{id}"],
  ["/v1.0/customers/planted%40person.example", "/customers/{id}"],
  [`/v1.0/customers/a/${email}`, undefined],
  [`/v1.0/${email}`, undefined],
  [`/${email}/customers`, undefined],
  [`/${email}`, undefined],
])("of the URL %s the log holds no more than %s", async (url, path) => {
  await using service = await startService("sqlite");

  await service.get(`!${url}`);

  const requests = service.logged.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "request");
  expect(requests.map((line) => line.path)).toEqual([path]);
  expect(service.logged.join("")).not.toMatch(/planted|%40|'a'/);
});

describe.each(engines)("a server on %s that logs everything", (engine) => {
  test("says nothing of what customers and callers sent, and none of its secrets", async () => {
    await using storage = await createStorage(engine);
    await using server = await startProcess([...storage.flags, "--log-level", "debug"]);
    const created = await server.send("POST", "/v1.0/customers", {
      ...activeBody,
      companyProfile: { companyName: "PLANTED Ltd", domain: "planted.onmicrosoft.com" },
      billingProfile: { email, firstName: "PLANTED" },
      metadata: { note: "PLANTED" },
    });
    const read = await server.send(
      "GET",
      `/v1.0/customers(externalId='${activeBody.externalId}')?$select=billingProfile`,
    );
    const wrong = await server.send("PATCH", `/v1.0/customers/${created.json.id}`, {
      billingProfile: { email: "PLANTED" },
    });
    const lost = await server.send("GET", `/v1.0/customers/${email}`);

    // When it ends, what it has said is looked through: see startProcess().
    const { err } = await server.end("SIGTERM");

    expect([created.status, read.status, wrong.status, lost.status]).toEqual([201, 200, 400, 404]);
    expect(err.match(/"msg":"request"/g)?.length).toBe(4);
    expect(err).not.toMatch(/planted/i);
    expect(err).not.toContain(server.token);
  });
});
