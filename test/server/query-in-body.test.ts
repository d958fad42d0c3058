import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, type Json, newDomain, origin, type Service, startService } from "../support/service.ts";
import { expectRefusal, fill, sendAttempt, testRefusals } from "./refusal.ts";
import { minimal, openWorld, type World } from "./world.ts";

const text = { "content-type": "text/plain" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const post = (path: string, body: string, headers: Readonly<Record<string, string>> = text) =>
  ({ method: "POST", path, body, headers }) as const;

describe.each(engines)("query options in the body on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test.each([
    ["/customers", "$filter=billingProfile/email%20ne%20null&$select=id&$count=true", text],
    ["/customers", "$filter=billingProfile/email+ne+null&select=id", form],
    ["/customers", "", text],
    ["/customerCreationOperations", "$orderby=domain%20desc&$top=2", { "content-type": "text/plain; charset=utf-8" }],
    ["/customerCreationOperations/{done}/customer", "$filter=@a&@a=lifecycleState%20eq%20'active'", text],
    ["/customers/$count", "$filter=externalId%20eq%20'crm-1'", text],
    ["/customers/{active}", "$select=billingProfile", text],
    ["/customers/{active}/billingProfile", "$select=email", text],
    ["/customers/$filter(@a)", "@a=externalId%20eq%20'crm-1'", text],
    ["/customers(@key)", "@key='{active}'", text],
    ["/$entity", "$id=customers/{active}&$select=externalId", text],
  ])("POST %s/$query with %s is answered as GET is", async (path, options, headers) => {
    const wanted = await sendAttempt(world, { method: "GET", path: `${path}?${options}` });

    const answer = await sendAttempt(world, post(`${path}/$query`, options, headers));

    expect(answer.status).toBe(200);
    expect(answer.text).toBe(wanted.text);
    expect(answer.headers["Content-Type"]).toBe(wanted.headers["Content-Type"]);
  });

  test("options of the body and of the URL are read together", async () => {
    const answer = await sendAttempt(
      world,
      post("/customers/%24query/?$select=externalId", "$filter=externalId%20eq%20'crm-1'"),
    );

    expect(answer.json.value).toEqual([
      { "@odata.etag": expect.any(String), id: fill(world, "{active}"), externalId: "crm-1" },
    ]);
  });

  test("OPTIONS lists POST alone", async () => {
    const answer = await sendAttempt(world, { method: "OPTIONS", path: "/customers/$query", token: null });

    expect([answer.status, answer.headers["Allow"]]).toEqual([204, "POST, OPTIONS"]);
  });

  test("it takes part in a batch", async () => {
    const request = {
      id: "1",
      method: "POST",
      url: "/customers/$query",
      headers: text,
      body: "$select=externalId&$top=1",
    };

    const { json } = await world.service.post("/$batch", { requests: [request] });

    expect(json.responses[0]).toMatchObject({ status: 200, body: { value: [{ id: expect.any(String) }] } });
  });

  testRefusals(
    () => world,
    [
      [
        "an option that stands in the URL and in the body is answered 400",
        post("/customers/$query?$top=1", "top=2"),
        { status: 400, code: "invalidQueryOption", target: "$top" },
      ],
      [
        "a mistake in an option is answered 400 as it is in a URL",
        post("/customers/$query", "$filter=nothing%20eq%201"),
        { status: 400, code: "invalidQueryOption", target: "$filter" },
      ],
      [
        "options that are not percent-encoded are answered 400",
        post("/customers/$query", "$filter=externalId eq 'a'"),
        { status: 400, code: "invalidRequest", message: /percent-encoded.*Found " " at character 18/ },
      ],
      [
        "options with a line break behind them are answered 400",
        post("/customers/$query", "$top=1\n"),
        { status: 400, code: "invalidRequest" },
      ],
      [
        "a question mark in front of the options is answered 400",
        post("/customers/$query", "?$top=1"),
        { status: 400, code: "invalidRequest" },
      ],
      [
        "options as JSON are answered 415, which the standard does not know",
        post("/customers/$query", '{"$top":1}', { "content-type": "application/json" }),
        { status: 415, code: "unsupportedMediaType", message: /text\/plain/ },
      ],
      [
        "options without a type are answered 415",
        post("/customers/$query", "$top=1", {}),
        { status: 415, code: "unsupportedMediaType" },
      ],
      [
        "more options than are read are answered 413",
        post("/customers/$query", `a=${"x".repeat(200_000)}`),
        { status: 413, code: "payloadTooLarge", message: /200000 characters/ },
      ],
      [
        "an $id that is longer than a URL is answered 414",
        post("/$entity/$query", `$id=customers${"/graph.customer".repeat(2_000)}`),
        { status: 414, code: "uriTooLong" },
      ],
      [
        "GET of $query is answered 405",
        { method: "GET", path: "/customers/$query" },
        { status: 405, code: "notAllowed", headers: { Allow: "POST, OPTIONS" } },
      ],
      [
        "$query of what does not exist is answered 404",
        post("/nothing/$query", ""),
        { status: 404, code: "itemNotFound" },
      ],
      ["$query of the root is answered 404", post("/$query", ""), { status: 404, code: "itemNotFound" }],
      ["$query of $metadata is answered 501", post("/$metadata/$query", ""), { status: 501, code: "notSupported" }],
      [
        "$query without a token is answered 401",
        { ...post("/customers/$query", ""), token: null },
        { status: 401, code: "unauthenticated" },
      ],
    ],
  );
});

describe.each(engines)("the pages of query options in the body on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine, { limits: { urlLengthMax: 400 } });
    for (let made = 0; made < 3; made++) {
      await service.post("/customers", { ...minimal, companyProfile: { domain: newDomain() } });
    }
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const send = (options: string) => service.post("/customers/$query?$top=2", options, { headers: text });
  const idsOf = (page: Json) => page.value.map(({ id }: { id: string }) => id);

  test("follow each other by GET, since the links carry the options", async () => {
    const first = await send("$select=id&$filter=lifecycleState%20eq%20'provisioning'");

    const next = String(first.json["@odata.nextLink"]);
    const second = await service.get(`!${next.replace(origin, "")}`);

    expect(next).toMatch(/^http:\/\/127.0.0.1:8080\/v1.0\/customers\?/);
    expect([idsOf(first.json).length, idsOf(second.json).length]).toEqual([2, 1]);
    expect(idsOf(first.json)).not.toContain(idsOf(second.json)[0]);
  });

  test("need options that fit into a link; what fits onto one page may be longer", async () => {
    const long = `$filter=externalId%20ne%20'${"x".repeat(400)}'`;

    const one = await service.post("/customers/$query?$top=3", long, { headers: text });
    const several = await send(long);

    expect([one.status, one.json.value.length, one.json["@odata.nextLink"]]).toEqual([200, 3, undefined]);
    expectRefusal(several, { status: 400, code: "invalidQueryOption", message: /more than one page.*400 are allowed/ });
  });
});
