import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { fill, sendAttempt, testRefusals } from "./refusal.ts";
import { openWorld, type World } from "./world.ts";

const get = (path: string) => ({ method: "GET", path }) as const;

describe.each(engines)("the forms of paths on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test.each([
    ["/customers/microsoft.graph.customer", "/customers"],
    ["/customers/graph.customer/$count", "/customers/$count"],
    ["/customers/{active}/microsoft.graph.customer", "/customers/{active}"],
    ["/customers/graph.customer('{active}')", "/customers/{active}"],
    ["/customerCreationOperations/{done}/customer/graph.customer", "/customerCreationOperations/{done}/customer"],
    ["/customers(@key)?@key='{active}'", "/customers/{active}"],
    ["/customers(id=@key)/billingProfile?@key={active}", "/customers/{active}/billingProfile"],
    [
      "/customerCreationOperations(@a)/customer(@b)?@a='{done}'&@b='{active}'",
      "/customerCreationOperations/{done}/customer/{active}",
    ],
    ["/customers/$filter(@f)?@f=externalId eq 'crm-1'", "/customers?$filter=externalId eq 'crm-1'"],
    ["/customers/$filter(externalId eq 'crm-1')/$count", "/customers/$count?$filter=externalId eq 'crm-1'"],
    [
      "/customers/$filter(billingProfile/email ne null)?$filter=lifecycleState eq 'active'&$count=true",
      "/customers?$filter=billingProfile/email ne null and lifecycleState eq 'active'&$count=true",
    ],
    [
      "/customers/$filter(@a)/$filter(@b)?@a=externalId ne null&@b=lifecycleState eq 'provisioning'",
      "/customers?$filter=externalId ne null and lifecycleState eq 'provisioning'",
    ],
    [
      "/customerCreationOperations/{done}/customer/$filter(externalId eq 'none')",
      "/customerCreationOperations/{done}/customer?$filter=externalId eq 'none'",
    ],
    ["/$entity?$id=customers/{active}", "/customers/{active}"],
    ["/$entity?$id=customers('{active}')&$select=externalId", "/customers/{active}?$select=externalId"],
    ["/$entity?id={root}/customers/{active}", "/customers/{active}"],
    ["/$entity?$id=/v1.0/customers/{active}", "/customers/{active}"],
    [
      "/%24entity/?$id=customerCreationOperations/{done}&$expand=customer($select=id)",
      "/customerCreationOperations/{done}?$expand=customer($select=id)",
    ],
    ["/$entity/microsoft.graph.customer?$id=customers/{active}", "/customers/{active}"],
    ["/customers/", "/customers"],
    ["/customers/{active}/", "/customers/{active}"],
  ])("%s is answered as %s", async (path, plain) => {
    const wanted = await sendAttempt(world, get(plain));

    const answer = await sendAttempt(world, get(path));

    expect(answer.status).toBe(200);
    expect(answer.text).toBe(wanted.text);
  });

  test.each(["customers", "customers?$top=1", "$metadata", ""])(
    "a URL of our own behind the root, as a client sends it over http, is the path in it: %s",
    async (path) => {
      const wanted = await world.service.get(`!/v1.0/${path}`);

      for (const outer of ["/v1.0/http://127.0.0.1:8080", "/beta/http:/127.0.0.1:8080"]) {
        const answer = await world.service.get(`!${outer}/v1.0/${path}`);

        expect([answer.status, answer.text]).toEqual([200, wanted.text]);
      }
    },
  );

  test("pages are followed behind the root, and their links are plain", async () => {
    const first = await world.service.get("/customers?$top=1");

    const next = String(first.json["@odata.nextLink"]);
    const second = await world.service.get(`/${next}`);

    expect(second.status).toBe(200);
    expect(second.json.value[0].id).not.toBe(first.json.value[0].id);
    expect(second.json["@odata.nextLink"]).toMatch(/^http:\/\/127.0.0.1:8080\/v1.0\/customers\?\$top=1&/);
  });

  test.each([
    ["/$entity", "GET, HEAD, OPTIONS"],
    ["/customers/$filter(@f)", "GET, HEAD, OPTIONS"],
    ["/customers/graph.customer", "GET, POST, HEAD, OPTIONS"],
  ])("OPTIONS of %s lists %s", async (path, methods) => {
    const answer = await sendAttempt(world, { method: "OPTIONS", path, token: null });

    expect([answer.status, answer.headers["Allow"]]).toEqual([204, methods]);
  });

  testRefusals(
    () => world,
    [
      ["$all is answered 501", get("/$all"), { status: 501, code: "notSupported", message: /'\/\$all'/ }],
      ["$all of a type is answered 501", get("/$all/graph.customer"), { status: 501, code: "notSupported" }],
      [
        "$crossjoin is answered 501",
        get("/$crossjoin(customers,customerCreationOperations)"),
        { status: 501, code: "notSupported", message: /\$crossjoin/ },
      ],
      [
        "$each is answered 501",
        { method: "DELETE", path: "/customers/$filter(@f)/$each?@f=true" },
        { status: 501, code: "notSupported", message: /\$each/ },
      ],
      [
        "creating in a subset is answered 405",
        { method: "POST", path: "/customers/$filter(@f)?@f=true", body: {} },
        { status: 405, code: "notAllowed", headers: { Allow: "GET, HEAD, OPTIONS" } },
      ],
      [
        "a subset by a property that there is not is answered 400",
        get("/customers/$filter(nothing eq 1)"),
        { status: 400, code: "invalidQueryOption", target: "$filter", message: /character 0/ },
      ],
      [
        "a subset by an alias without a value is answered 400",
        get("/customers/$filter(@f)"),
        { status: 400, code: "invalidQueryOption", target: "@f" },
      ],
      [
        "a subset by nothing is answered 400",
        get("/customers/$filter()"),
        { status: 400, code: "invalidQueryOption", target: "$filter" },
      ],
      [
        "a cast to another type is answered 404",
        get("/customers/{active}/microsoft.graph.customerCreationOperation"),
        { status: 404, code: "itemNotFound" },
      ],
      [
        "a cast to a type that there is not is answered 404",
        get("/customers/{active}/microsoft.graph.user"),
        { status: 404, code: "itemNotFound" },
      ],
      [
        "a key by an alias without a value is answered 400",
        get("/customers(@key)"),
        { status: 400, code: "invalidQueryOption", target: "@key" },
      ],
      [
        "a key by an alias that is no text is answered 400",
        get("/customers(@key)?@key=length('a')"),
        { status: 400, code: "invalidRequest" },
      ],
      [
        "$entity without $id is answered 400",
        get("/$entity?$select=id"),
        { status: 400, code: "requiredFieldMissing", target: "$id" },
      ],
      [
        "$entity of a collection is answered 400",
        get("/$entity?$id=customers"),
        { status: 400, code: "invalidEntityReference", target: "$id", message: /the URL of an entity/ },
      ],
      [
        "$entity of a property is answered 400",
        get("/$entity?$id=customers/{active}/externalId"),
        { status: 400, code: "invalidEntityReference", target: "$id" },
      ],
      [
        "$entity of another host is answered 400",
        get("/$entity?$id=https://other.example/v1.0/customers/{active}"),
        { status: 400, code: "invalidEntityReference", target: "$id" },
      ],
      [
        "$entity of nothing is answered 404",
        get("/$entity?$id=customers/{nothing}"),
        { status: 404, code: "itemNotFound" },
      ],
      [
        "$entity of another partner's customer is answered 404",
        get("/$entity?$id=customers/{other}"),
        { status: 404, code: "itemNotFound" },
      ],
      [
        "DELETE of $entity is answered 405",
        { method: "DELETE", path: "/$entity?$id=customers/{active}" },
        { status: 405, code: "notAllowed", headers: { Allow: "GET, HEAD, OPTIONS" } },
      ],
      [
        "$entity without a token is answered 401",
        { ...get("/$entity?$id=customers/{active}"), token: null },
        { status: 401, code: "unauthenticated" },
      ],
      ...[
        "/http://evil.example/v1.0/customers",
        "/http://127.0.0.1:8081/v1.0/customers",
        "/http://127.0.0.1:8080.evil.example/v1.0/customers",
        "/http://127.0.0.1:8080/v2.0/customers",
        "/http://127.0.0.1:8080/",
        "/ftp://127.0.0.1:8080/v1.0/customers",
        "/customers/http://127.0.0.1:8080/v1.0/customers",
      ].map(
        (path) =>
          [
            `${path} behind the root leads nowhere and is answered 404`,
            get(path),
            { status: 404, code: "itemNotFound" },
          ] as const,
      ),
    ],
  );

  test("what follows a filter in the path leads to pages as well", async () => {
    const first = await sendAttempt(world, get("/customers/$filter(externalId ne null)?$top=1"));

    const second = await world.service.get(
      `!${String(first.json["@odata.nextLink"]).replace(fill(world, "{origin}"), "")}`,
    );

    expect(second.status).toBe(200);
    expect(second.json.value[0].externalId).not.toBe(first.json.value[0].externalId);
  });
});
