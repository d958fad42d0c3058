import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { type Case, expectRefusal, testRefusals } from "./refusal.ts";
import { addCustomer, finishWork, minimal, openWorld, refusingProvisioner, type World } from "./world.ts";

const itemNotFound = { status: 404, code: "itemNotFound" } as const;

describe.each(engines)("references that are taken off on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testRefusals(
    () => world,
    ["running", "done"].flatMap((name): readonly Case[] => {
      const customer = name === "done" ? "{active}" : "{runningCustomer}";
      const operation = `/customerCreationOperations/{${name}}/customer`;
      const refusal = { status: 409, code: "operationNotModifiable", message: /running|succeeded/ };
      return [
        [`by key, of an operation that is ${name}, are answered 409`, remove(`${operation}/${customer}/$ref`), refusal],
        [
          `by $id, of an operation that is ${name}, are answered 409`,
          remove(`${operation}/$ref?$id={root}/customers/${customer}`),
          refusal,
        ],
      ];
    }),
  );
  testRefusals(
    () => world,
    [
      [
        "of an operation with no customer, are answered 404",
        remove("/customerCreationOperations/{open}/customer/{active}/$ref"),
        itemNotFound,
      ],
      [
        "of another customer than is attached, are answered 404",
        remove("/customerCreationOperations/{failed}/customer/{active}/$ref"),
        itemNotFound,
      ],
      [
        "of another customer by $id, are answered 404",
        remove("/customerCreationOperations/{failed}/customer/$ref?$id=customers/{active}"),
        itemNotFound,
      ],
      [
        "without $id, of an operation that runs, are answered 409",
        remove("/customerCreationOperations/{running}/customer/$ref"),
        { status: 409, code: "operationNotModifiable" },
      ],
      [
        "with an If-Match that is not the customer's, are answered 412",
        {
          ...remove("/customerCreationOperations/{failed}/customer/{failedCustomer}/$ref"),
          headers: { "if-match": 'W/"x"' },
        },
        { status: 412, code: "entityTagDoesNotMatch" },
      ],
      [
        "with an $id on another host, are answered 400",
        remove(
          "/customerCreationOperations/{failed}/customer/$ref?$id=https://evil.example/v1.0/customers/{failedCustomer}",
        ),
        { status: 400, code: "invalidEntityReference", target: "$id" },
      ],
      [
        "with an $id of another kind, are answered 400",
        remove("/customerCreationOperations/{failed}/customer/$ref?$id=customerCreationOperations/{failed}"),
        { status: 400, code: "invalidEntityReference" },
      ],
      [
        "with an empty $id, are answered 400",
        remove("/customerCreationOperations/{failed}/customer/$ref?$id="),
        { status: 400, code: "invalidQueryOption" },
      ],
      [
        "by key and $id at once, are answered 501",
        remove("/customerCreationOperations/{failed}/customer/{failedCustomer}/$ref?$id=customers/{active}"),
        { status: 501, code: "notSupported" },
      ],
    ],
  );

  test.each([
    ["by key", (customer: string) => `/${customer}/$ref`],
    ["by an absolute $id", (customer: string) => `/$ref?$id=http://127.0.0.1:8080/v1.0/customers/${customer}`],
    ["by a relative $id, percent-encoded", (customer: string) => `/$ref?%24id=customers(%27${customer}%27)`],
    ["by an id without its dollar sign", (customer: string) => `/$ref?id=customers/${customer}`],
  ])("%s leave a failed operation, and the customer stays", async (_how, url) => {
    const { operation, customer } = await addCustomer(world.service, minimal);
    await finishWork(world.service, refusingProvisioner);
    const navigation = `/customerCreationOperations/${operation}/customer`;

    const first = await world.service.delete(navigation + url(customer));
    const references = await world.service.get(`${navigation}/$ref`);
    const second = await world.service.delete(navigation + url(customer));
    const kept = await world.service.get(`/customers/${customer}`);

    expect(first).toMatchObject({ status: 204, text: undefined });
    expect(references.json.value).toEqual([]);
    expectRefusal(second, itemNotFound);
    expect(kept.status).toBe(200);
  });

  test("without a key take off whichever customer there is, and go well when there is none", async () => {
    const { operation } = await addCustomer(world.service, minimal);
    await finishWork(world.service, refusingProvisioner);
    const navigation = `/customerCreationOperations/${operation}/customer`;

    const first = await world.service.delete(`${navigation}/$ref`);
    const references = await world.service.get(`${navigation}/$ref`);
    const before = await world.service.changes();
    const second = await world.service.delete(`${navigation}/$ref`);

    expect([first.status, second.status]).toEqual([204, 204]);
    expect(references.json.value).toEqual([]);
    expect(await world.service.changes()).toEqual(before);
  });

  test("with If-Match are about the customer, not about the operation", async () => {
    const { operation, customer } = await addCustomer(world.service, minimal);
    await finishWork(world.service, refusingProvisioner);
    const path = `/customerCreationOperations/${operation}`;
    const tagOf = async (url: string) => ({
      headers: { "if-match": (await world.service.get(url)).headers["ETag"] ?? "" },
    });

    const refused = await world.service.delete(`${path}/customer/${customer}/$ref`, await tagOf(path));
    const done = await world.service.delete(`${path}/customer/${customer}/$ref`, await tagOf(`/customers/${customer}`));

    expect([refused.status, done.status]).toEqual([412, 204]);
  });

  test("of a canceled operation are answered 204 once, and what was made is undone all the same", async () => {
    const { operation, customer } = await addCustomer(world.service, minimal);
    const path = `/customerCreationOperations/${operation}`;
    await world.service.patch(path, { status: "canceled" });

    const first = await world.service.delete(`${path}/customer/${customer}/$ref`);
    const second = await world.service.delete(`${path}/customer/${customer}/$ref`);
    await finishWork(world.service);
    const gone = await world.service.get(`/customers/${customer}`);

    expect(first.status).toBe(204);
    expectRefusal(second, itemNotFound);
    expect(gone.status).toBe(404);
  });
});

function remove(path: string) {
  return { method: "DELETE", path };
}
