import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyPartner } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import { lasting, repeatable } from "../support/repeatable.ts";
import { engines, newDomain, type Service } from "../support/service.ts";
import { type Case, testRefusals } from "./refusal.ts";
import { answersOf } from "./send-batch.ts";
import { finishWork, minimal, openWorld, type World } from "./world.ts";

const path = "/customerCreationOperations";
const post = (body: object) => ({ method: "POST", path, body });

describe.each(engines)("an operation that is opened with its customer on %s", (engine) => {
  let world: World;
  let service: Service;
  beforeAll(async () => {
    world = await openWorld(engine);
    service = world.service;
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test("runs at once, and the answer shows the customer", async () => {
    const domain = newDomain();
    const companyProfile = { companyName: "Contoso" };

    const answer = await service.post(path, { domain, customer: [{ companyProfile, billingProfile: {} }] });
    await finishWork(service);
    const done = await service.get(`${path}/${answer.json.id}?$expand=customer`);

    expect(answer).toMatchObject({
      status: 201,
      headers: { Location: `${world.names["root"]}${path}/${answer.json.id}` },
      json: {
        "@odata.context": `${world.names["root"]}/$metadata#customerCreationOperations(customer())/$entity`,
        domain,
        status: "running",
        customer: [{ companyProfile: { ...companyProfile, domain }, lifecycleState: "provisioning" }],
      },
    });
    expect(done.json).toMatchObject({ status: "succeeded", customer: [{ lifecycleState: "active" }] });
  });

  test("has changes in the log as the two calls have", async () => {
    const before = await service.changes();

    await service.post(path, { domain: newDomain(), customer: [minimal] });
    const changes = await service.changes();

    expect(changes.slice(before.length)).toEqual([
      "customerCreationOperations created",
      "customerCreationOperations updated",
      "customers created",
    ]);
  });

  test("shows of the customer what the request expands, and nothing when that is preferred", async () => {
    const body = () => ({ domain: newDomain(), customer: [minimal] });

    const chosen = await service.post(`${path}?$expand=customer($select=lifecycleState)`, body());
    const silent = await service.post(path, body(), { headers: { prefer: "return=minimal" } });

    expect(chosen.json.customer[0]).not.toHaveProperty("companyProfile");
    expect(chosen.json.customer[0].lifecycleState).toBe("provisioning");
    expect(silent).toMatchObject({ status: 204, text: undefined });
    expect(silent.headers["OData-EntityId"]).toBe(silent.headers["Location"]);
  });

  test.each([
    ["customer@odata.bind", (url: string) => ({ "customer@odata.bind": [url] })],
    ["@id", (url: string) => ({ customer: [{ "@id": url }] })],
    ["@odata.id", (url: string) => ({ customer: [{ "@odata.id": url }] })],
  ])("adopts by %s a customer that is there", async (_name, bodyOf) => {
    const { active = "", activeDomain = "", root } = world.names;
    const before = await service.changes();

    const urls = [`customers('${active}')`, `${root}/customers/${active}`, "customers(externalId='crm-1')"];
    const answers = await Promise.all(urls.map((url) => service.post(path, bodyOf(url))));
    const read = await service.get(`${path}/${answers[0]?.json.id}/customer/$ref`);
    const changes = await service.changes();

    for (const { status, json } of answers) {
      expect(status).toBe(201);
      expect(json).toMatchObject({ status: "succeeded", stage: "completed", percentComplete: 100 });
      expect(json).toMatchObject({ domain: activeDomain, resourceLocation: `${root}/customers/${active}` });
      expect(json).not.toHaveProperty("customer");
    }
    expect(read.json.value).toEqual([{ "@odata.id": `${root}/customers/${active}` }]);
    expect(changes.slice(before.length)).toEqual(urls.map(() => "customerCreationOperations created"));
  });

  test("may repeat the domain of the customer that it adopts", async () => {
    const { active, activeDomain = "" } = world.names;

    const answer = await service.post(path, {
      domain: activeDomain.toUpperCase(),
      "customer@odata.bind": [`customers/${active}`],
    });

    expect(answer).toMatchObject({ status: 201, json: { domain: activeDomain } });
  });

  test.each([[{ customer: [] }], [{ "customer@odata.bind": [] }]])("is an ordinary one with %j", async (more) => {
    const answer = await service.post(path, { domain: newDomain(), ...more });

    expect(answer).toMatchObject({ status: 201, json: { status: "notStarted" } });
  });

  test("takes the same customer again at its own URL, as one that was added by two calls", async () => {
    const { json } = await service.post(path, { domain: newDomain(), customer: [minimal] });

    const again = await service.post(`${path}/${json.id}/customer/$ref`, minimal);
    const another = await service.post(`${path}/${json.id}/customer/$ref`, { ...minimal, metadata: { a: "b" } });

    expect([again.status, another.status]).toEqual([204, 409]);
    expect(again.headers["Location"]).toBe(`${world.names["root"]}/customers/${json.customer[0].id}`);
  });

  test("is opened once when the request is repeated, and shown again even when its answer was lost", async () => {
    const sending = repeatable();
    const body = { domain: newDomain(), customer: [minimal] };
    const first = await service.post(path, body, sending);
    const before = await service.changes();

    const second = await service.post(path, body, sending);
    await service.database.write(everyPartner, [
      raw(`update "repeatability" set "status" = null, "headers" = null, "body" = null`),
    ]);
    service.advance(2);
    const third = await service.post(path, body, sending);

    expect(lasting(second)).toEqual(lasting(first));
    expect(lasting(third)).toEqual(lasting(first));
    expect(await service.changes()).toEqual(before);
  });

  test("can be opened in an atomic group, and is not when another request of the group fails", async () => {
    const group = (other: object) => [
      { id: "1", atomicityGroup: "g", method: "POST", url: path, body: { domain: newDomain(), customer: [minimal] } },
      { id: "2", atomicityGroup: "g", ...other },
    ];
    const before = await service.changes();

    const failed = await answersOf(service, group({ method: "DELETE", url: `/customers/${world.names["nothing"]}` }));
    const between = await service.changes();
    const kept = await answersOf(service, group({ method: "PATCH", url: "$1", body: {} }));

    expect([failed["1"].status, failed["2"].status]).toEqual([424, 404]);
    expect(between).toEqual(before);
    expect([kept["1"].status, kept["2"].status]).toEqual([201, 200]);
  });

  testRefusals(() => world, [
    [
      "with faults in both is answered 400 with all of them",
      post({ customer: [{ companyProfile: { companyNam: "x" } }], extra: 1 }),
      {
        status: 400,
        code: "unknownProperty",
        details: [
          ["unknownProperty", "extra"],
          ["requiredFieldMissing", "domain"],
          ["unknownProperty", "customer/0/companyProfile/companyNam"],
          ["requiredFieldMissing", "customer/0/billingProfile"],
        ],
      },
    ],
    [
      "whose customer has another domain is answered 400",
      post({
        domain: "{free}",
        customer: [{ companyProfile: { domain: "other.onmicrosoft.com" }, billingProfile: {} }],
      }),
      { status: 400, code: "domainMismatch", target: "customer/0/companyProfile/domain" },
    ],
    [
      "whose customer has an externalId that another has is answered 409, and reserves nothing",
      post({ domain: "{free}", customer: [{ ...minimal, externalId: "crm-1" }] }),
      { status: 409, code: "nameAlreadyExists", target: "customer/0/externalId" },
    ],
    [
      "for a domain that is taken is answered 409",
      post({ domain: "{activeDomain}", customer: [minimal] }),
      { status: 409, code: "domainAlreadyInUse", target: "domain" },
    ],
    [
      "with a customer that is no array is answered 400",
      post({ domain: "{free}", customer: minimal }),
      { status: 400, code: "malformedValue", target: "customer" },
    ],
    ...[{ customer: null }, { "customer@odata.bind": null }, { "customer@odata.bind": "customers('{active}')" }].map(
      (more): Case => [
        `with ${JSON.stringify(more)}, which is no collection, is answered 400`,
        post({ domain: "{free}", ...more }),
        { status: 400, code: "malformedValue", target: "customer" },
      ],
    ),
    [
      "with a customer that is no object is answered 400",
      post({ domain: "{free}", customer: ["x"] }),
      { status: 400, code: "malformedValue", target: "customer" },
    ],
    [
      "with two customers is answered 400",
      post({ domain: "{free}", customer: [minimal, minimal] }),
      { status: 400, code: "malformedValue", target: "customer" },
    ],
    [
      "with a customer and a binding, which contradict each other, is answered 400",
      post({ domain: "{free}", customer: [minimal], "customer@odata.bind": ["customers('{active}')"] }),
      { status: 400, code: "malformedValue", target: "customer" },
    ],
    [
      "with a reference that has properties too is answered 400",
      post({ domain: "{free}", customer: [{ "@id": "customers('{active}')", ...minimal }] }),
      { status: 400, code: "invalidEntityReference", target: "customer" },
    ],
    ...[
      "customers('{nothing}')",
      "customers(externalId='nobody')",
      "customers(tenantId='x')",
      "customers('{other}')",
      "users/1",
      "https://elsewhere.example/v1.0/customers/{active}",
      "customerCreationOperations/{done}",
      "",
    ].map(
      (url): Case => [
        `bound to '${url}', which is no customer of the caller, is answered 400`,
        post({ "customer@odata.bind": [url] }),
        { status: 400, code: "invalidEntityReference", target: "customer" },
      ],
    ),
    [
      "bound to a customer that is not active is answered 409",
      post({ "customer@odata.bind": ["customers('{failedCustomer}')"] }),
      { status: 409, code: "conflict", target: "customer" },
    ],
    [
      "bound, with a domain that is not the customer's, is answered 400",
      post({ domain: "{free}", "customer@odata.bind": ["customers('{active}')"] }),
      { status: 400, code: "domainMismatch", target: "domain" },
    ],
    [
      "with neither a domain nor a customer is answered 400",
      post({ customer: [] }),
      { status: 400, code: "requiredFieldMissing", target: "domain" },
    ],
    [
      "with a delta of its navigation, which is not supported, is answered 501",
      post({ domain: "{free}", "customer@delta": [] }),
      { status: 501, code: "notSupported", target: "customer" },
    ],
  ] satisfies readonly Case[]);
});
