import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCustomer, pathOf, readPage, readRound, settle } from "../support/delta.ts";
import { type Answer, engines, origin, type Service, signToken, startService } from "../support/service.ts";

const daySeconds = 86_400;
const fresh = `${origin}/v1.0/customers/delta`;

describe.each(engines)("refusals of delta on %s", (engine) => {
  let service: Service;
  /** Links to the next page and to the next round, begun with a filter. */
  let nextLink: string;
  let deltaLink: string;
  beforeAll(async () => {
    service = await startService(engine);
    await createCustomer(service);
    await createCustomer(service);
    nextLink = (await readPage(service, "/customers/delta?$top=1"))["@odata.nextLink"];
    deltaLink = (await readRound(service, "/customers/delta?$select=id&$filter=externalId%20ne%20'x'")).deltaLink;
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function refused(path: string, token?: string): Promise<Answer> {
    const before = await service.changes();
    const answer = await service.get(path, token === undefined ? {} : { token });
    expect(await service.changes()).toEqual(before);
    return answer;
  }

  test.each([
    ["$expand", "$expand=*"],
    ["$orderby", "$orderby=externalId"],
    ["$search", "$search=x"],
    ["$count", "$count=true"],
    ["$count", "count=false"],
    ["$skip", "$skip=1"],
    ["$apply", "$apply=aggregate($count as n)"],
    ["$id", "$id=customers('x')"],
    ["$skip", "$deltatoken=latest&$skip=1"],
  ])("%s cannot be honoured and is answered 400: %s", async (name, query) => {
    const { status, json } = await refused(`/customers/delta?${query.replaceAll(" ", "%20")}`);

    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: "badRequest", target: name, innerError: { code: "invalidQueryOption" } });
    expect(json.error.message).toBe(
      `'${name}' is not supported by delta. It takes $select, $compute, $filter and $top.`,
    );
  });

  test.each([
    ["a page of nothing", "/customers/delta?$top=0", "must be 1 or more"],
    ["a filter on the present instant", "/customers/delta?$filter=createdDateTime lt now()", "the entity alone"],
    [
      "a filter on what navigation leads to",
      "/customerCreationOperations/delta?$filter=domain eq 'x' or not customer/any(c:c/externalId eq 'a')",
      "the entity alone",
    ],
    [
      "a filter on the count of a navigation",
      "/customerCreationOperations/delta?$filter=1 add customer/$count eq 1",
      "the entity alone",
    ],
    ["an unknown property", "/customers/delta?$filter=externalIdd eq 'x'", "not a property"],
    ["an unknown property that is selected", "/customers/delta?$select=nothing", "not a property"],
    ["an option that is none", "/customers/delta?$nothing=1", "not a system query option"],
    ["options that no link can carry", `/customers/delta?$filter=externalId eq '${"x".repeat(6000)}'`, "6000"],
  ])("%s is answered 400", async (_name, path, message) => {
    const { status, json } = await refused(path.replaceAll(" ", "%20"));

    expect(status).toBe(400);
    expect(json.error.innerError.code).toBe("invalidQueryOption");
    expect(json.error.message).toContain(message);
  });

  test.each(["$top=1", "$select=id", "$filter=externalId%20eq%20'x'", "$count=true", "@x=1", "$format=json"])(
    "%s cannot be added to a link",
    async (option) => {
      const answers = [
        await refused(`${pathOf(nextLink)}&${option}`),
        await refused(pathOf(deltaLink).replace("?", `?${option}&`)),
      ];

      for (const { status, json } of answers) {
        expect(status).toBe(400);
        expect(json.error).toMatchObject({ innerError: { code: "invalidQueryOption" }, target: option.split("=")[0] });
        expect(json.error.message).toContain("cannot be added");
      }
    },
  );

  test("two tokens are answered 400", async () => {
    const { status, json } = await refused(`${pathOf(nextLink)}&$deltatoken=latest`);

    expect(status).toBe(400);
    expect(json.error.message).toContain("cannot stand together");
  });

  test("an option of the client's own is its own affair", async () => {
    const { status } = await service.get(`${pathOf(deltaLink)}&tracking=1`);

    expect(status).toBe(200);
  });

  test.each([
    ["that is unknown", () => "/customers/delta?$deltatoken=abc"],
    ["that is empty of meaning", () => "/customers/delta?$skiptoken=%00"],
    ["of the collection", () => "/customers/delta?$skiptoken=AAAAAAAAAAAA.WyJ4Il0"],
    ["that is cut off", () => pathOf(deltaLink).slice(0, -4)],
    ["that was tampered with", () => pathOf(deltaLink).replace(/.(.{9})$/, "_$1")],
    ["of another set", () => pathOf(deltaLink).replace("customers", "customerCreationOperations")],
    ["of a page used for a round", () => pathOf(nextLink).replace("$skiptoken", "$deltatoken")],
    ["of a round used for a page", () => pathOf(deltaLink).replace("$deltatoken", "$skiptoken")],
  ])("a token %s is answered 410 with where to begin anew", async (_name, pathTo) => {
    const path = pathTo();

    const { status, json, headers } = await refused(path);

    expect(status).toBe(410);
    expect(json.error).toMatchObject({ code: "gone", innerError: { code: "syncStateNotFound" } });
    expect(headers["Location"]).toBe(
      path.includes("customerCreationOperations") ? `${origin}/v1.0/customerCreationOperations/delta` : fresh,
    );
  });

  test("a token of another partner is answered 410", async () => {
    const token = await signToken({ tid: randomUUID() });

    const { status, json, headers } = await refused(pathOf(deltaLink), token);

    expect(status).toBe(410);
    expect(json.error.innerError.code).toBe("syncStateNotFound");
    expect(headers["Location"]).toBe(fresh);
  });

  test("a token that is older than the log is answered 410 with where to begin anew, options included", async () => {
    const young = await startService(engine);
    await createCustomer(young);
    const { deltaLink: link } = await readRound(young, "/customers/delta?$filter=externalId%20ne%20'x'&$top=5");
    young.advance(29 * daySeconds);
    const second = await readRound(young, link);
    young.advance(2 * daySeconds);

    const old = await young.get(pathOf(link));
    const renewed = await young.get(pathOf(second.deltaLink));
    const anew = await young.get(pathOf(String(old.headers["Location"])));
    await young[Symbol.asyncDispose]();

    expect(old.status).toBe(410);
    expect(old.json.error).toMatchObject({ code: "gone", innerError: { code: "resyncRequired" } });
    expect(old.headers["Location"]).toBe(`${fresh}?$filter=externalId%20ne%20'x'&$top=5`);
    expect(renewed.status).toBe(200);
    expect(anew.json.value).toHaveLength(1);
  });

  test("a caller who may not read the set is answered 403", async () => {
    const token = await signToken({ roles: ["CustomerCreationOperation.Read.All"] });
    await settle(service);

    const customers = await refused("/customers/delta()", token);
    const operations = await refused("/customerCreationOperations/delta()", token);

    expect([customers.status, operations.status]).toEqual([403, 200]);
  });

  test.each(["POST", "PUT", "PATCH", "DELETE"])(
    "%s is answered 405 with the methods that are allowed",
    async (method) => {
      const { status, headers } = await service.send(method, "/customers/graph.delta()");

      expect([status, headers["Allow"]]).toEqual([405, "GET, HEAD, OPTIONS"]);
    },
  );
});
