import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, newDomain, type Service } from "../support/service.ts";
import { type Case, stateOf, testRefusals } from "./refusal.ts";
import { addCustomer, finishWork, minimal, openOperation, openWorld, type World } from "./world.ts";

const set = "/customerCreationOperations";

describe.each(engines)("the action cancel on %s", (engine) => {
  let world: World;
  let service: Service;
  beforeAll(async () => {
    world = await openWorld(engine);
    service = world.service;
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test("ends an operation as a change of its status does, gives its domain free, and again changes nothing", async () => {
    const { id, domain } = await openOperation(service);

    const first = await service.post(`${set}/${id}/cancel`);
    const between = await stateOf(service);
    const again = await service.post(`${set}('${id}')/microsoft.graph.cancel`, {});

    expect(first.status).toBe(202);
    expect(first.headers["Location"]).toMatch(new RegExp(`${set}/${id}$`));
    expect(first.json).toMatchObject({ id, status: "canceled", error: { innerError: { code: "canceledByClient" } } });
    expect(between.domains.map((row) => row.domain)).not.toContain(domain);
    expect(again).toMatchObject({ status: 202, json: first.json });
    expect(await stateOf(service)).toEqual(between);
  });

  test("has the work loop undo what was made, and the domain is free after that", async () => {
    const { operation: id, customer: customerId, domain } = await addCustomer(service, minimal);

    const answer = await service.post(`${set}/${id}/cancel`);
    const held = await service.post(set, { domain });
    await finishWork(service);

    expect([answer.status, answer.json.status, held.status]).toEqual([202, "canceled", 409]);
    expect((await service.get(`/customers/${customerId}`)).status).toBe(404);
    expect((await service.post(set, { domain })).status).toBe(201);
  });

  testRefusals(
    () => world,
    (
      [
        ["of an operation that has succeeded", "{done}", {}, { status: 409, code: "operationNotModifiable" }],
        ["of an operation of another partner", "{other}", {}, { status: 404, code: "itemNotFound" }],
        [
          "of an operation that has changed",
          "{open}",
          { headers: { "if-match": 'W/"0"' } },
          { status: 412, code: "entityTagDoesNotMatch" },
        ],
        [
          "with a parameter",
          "{open}",
          { body: { reason: "none" } },
          { status: 400, code: "unknownProperty", target: "reason" },
        ],
      ] as const
    ).map(
      ([what, id, more, refusal]): Case => [
        `one ${what} is refused`,
        { method: "POST", path: `${set}/${id}/cancel`, ...more },
        refusal,
      ],
    ),
  );

  test("comes with the others of a batch", async () => {
    const { json } = await service.post(set, { domain: newDomain() });

    const answer = await service.post("/$batch", {
      requests: [
        { id: "1", method: "POST", url: `${set}/${json.id}/cancel` },
        { id: "2", method: "GET", url: `${set}/${json.id}`, dependsOn: ["1"] },
      ],
    });

    expect(answer.json.responses).toMatchObject([
      { id: "1", status: 202 },
      { id: "2", status: 200, body: { status: "canceled" } },
    ]);
  });
});
