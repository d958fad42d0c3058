import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, origin } from "../support/service.ts";
import { fill, sendAttempt, testRefusals } from "./refusal.ts";
import { openWorld, type World } from "./world.ts";

const get = (path: string) => ({ method: "GET", path }) as const;

describe.each(engines)("references to entities on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test.each([
    ["/customers/{active}/$ref", "customers/{active}"],
    ["/customers('{active}')/graph.customer/$ref", "customers/{active}"],
    ["/customerCreationOperations/{done}/$ref", "customerCreationOperations/{done}"],
    ["/customerCreationOperations/{done}/customer/{active}/$ref", "customers/{active}"],
  ])("%s is the reference to one", async (path, url) => {
    const answer = await sendAttempt(world, get(path));

    expect([answer.status, answer.json]).toEqual([
      200,
      { "@odata.context": fill(world, "{root}/$metadata#$ref"), "@odata.id": fill(world, `{root}/${url}`) },
    ]);
  });

  test("those of a set are filtered, ordered and counted as its entities are", async () => {
    const answer = await sendAttempt(
      world,
      get("/customers/$filter(externalId ne null)/$ref?$orderby=externalId desc&$count=true"),
    );

    expect(answer.json).toEqual({
      "@odata.context": fill(world, "{root}/$metadata#Collection($ref)"),
      "@odata.count": 2,
      value: [
        { "@odata.id": fill(world, "{root}/customers/{runningCustomer}") },
        { "@odata.id": fill(world, "{root}/customers/{active}") },
      ],
    });
  });

  test("those of a set come in pages", async () => {
    const first = await world.service.get("/customers/$ref?$top=2");

    const next = String(first.json["@odata.nextLink"]);
    const second = await world.service.get(`!${next.replace(origin, "")}`);

    const ids = [...first.json.value, ...second.json.value].map((each) => each["@odata.id"]);
    expect(next).toContain("/v1.0/customers/$ref?$top=2&$skiptoken=");
    expect([ids.length, new Set(ids).size]).toEqual([3, 3]);
  });

  testRefusals(
    () => world,
    [
      [
        "the reference to nothing is answered 404",
        get("/customers/{nothing}/$ref"),
        { status: 404, code: "itemNotFound" },
      ],
      [
        "the reference to another partner's customer is answered 404",
        get("/customers/{other}/$ref"),
        { status: 404, code: "itemNotFound" },
      ],
      [
        "a selection from references is answered 501",
        get("/customers/$ref?$select=id"),
        { status: 501, code: "notSupported", target: "$select" },
      ],
      [
        "DELETE of the reference to a customer of a set is answered 405",
        { method: "DELETE", path: "/customers/{active}/$ref" },
        { status: 405, code: "notAllowed", headers: { Allow: "GET, HEAD, OPTIONS" } },
      ],
    ],
  );
});
