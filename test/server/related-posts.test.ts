import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyPartner } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import { lasting, repeatable } from "../support/repeatable.ts";
import { engines, type Service } from "../support/service.ts";
import { type Case, testRefusals } from "./refusal.ts";
import { minimal, openOperation, openWorld, type World } from "./world.ts";

describe.each(engines)("a customer that is posted to the navigation of its operation on %s", (engine) => {
  let world: World;
  let service: Service;
  beforeAll(async () => {
    world = await openWorld(engine);
    service = world.service;
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test("is added as by $ref, and shown", async () => {
    const { id, domain } = await openOperation(service);

    const answer = await service.post(`/customerCreationOperations/${id}/customer`, minimal);
    const operation = await service.get(`/customerCreationOperations/${id}`);

    expect(answer).toMatchObject({
      status: 201,
      headers: {
        Location: `${world.names["root"]}/customers/${answer.json.id}`,
        "Operation-Location": `${world.names["root"]}/customerCreationOperations/${id}`,
      },
      json: { companyProfile: { domain }, lifecycleState: "provisioning" },
    });
    expect(operation.json.status).toBe("running");
  });

  test("is the same customer when it is posted again", async () => {
    const { id } = await openOperation(service);
    const path = `/customerCreationOperations/${id}/customer`;

    const first = await service.post(path, minimal);
    const before = await service.changes();
    const second = await service.post(path, minimal);
    const reference = await service.post(`${path}/$ref`, minimal);

    expect(second).toMatchObject({ status: 201, json: { id: first.json.id } });
    expect(reference.headers["Location"]).toBe(first.headers["Location"]);
    expect(await service.changes()).toEqual(before);
  });

  test("is shown again when its answer was lost and the request is repeated", async () => {
    const { id } = await openOperation(service);
    const path = `/customerCreationOperations/${id}/customer`;
    const sending = repeatable();
    const first = await service.post(path, minimal, sending);
    await service.database.write(everyPartner, [
      raw(`update "repeatability" set "status" = null, "headers" = null, "body" = null`),
    ]);
    service.advance(2);

    const second = await service.post(path, minimal, sending);

    expect(lasting(second)).toEqual(lasting(first));
  });

  testRefusals(() => world, [
    [
      "for an operation that nobody has is answered 404",
      { method: "POST", path: "/customerCreationOperations/{nothing}/customer", body: minimal },
      { status: 404, code: "itemNotFound" },
    ],
    [
      "for an operation that has another one is answered 409",
      { method: "POST", path: "/customerCreationOperations/{done}/customer", body: minimal },
      { status: 409, code: "customerAlreadyAttached" },
    ],
    [
      "as a reference is answered 400: that is for $ref",
      {
        method: "POST",
        path: "/customerCreationOperations/{open}/customer",
        body: { "@odata.id": "customers('{active}')" },
      },
      { status: 400, code: "requiredFieldMissing" },
    ],
  ] satisfies readonly Case[]);
});
