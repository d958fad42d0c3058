import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { type Case, sendAttempt, testRefusals } from "./refusal.ts";
import { minimal, openWorld, type World } from "./world.ts";

const json = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
const text = "text/plain;charset=utf-8";
const notAcceptable = { status: 406, code: "invalidAcceptType" } as const;

const refused: readonly string[] = [
  "text/html",
  "text/html, application/xhtml+xml",
  "application/xml",
  "application/atom+xml",
  "application/jsonp",
  "application/problem+json",
  "text/*",
  "*/json",
  "json",
  "application/json;q=0",
  "*/*;q=0",
  "application/json;odata.metadata=nonsense",
  "application/json;odata.metadata",
  "application/json;odata.metadata=full;metadata=full",
  "application/json;odata.streaming=perhaps",
  "application/json;IEEE754Compatible=yes",
  "application/json;odata.IEEE754Compatible=true",
  "application/json;ExponentialDecimals=true",
  "application/json;q=0, */*",
  "application/json;nonsense=1",
  "application/json;charset=utf-16",
];

const accepted: readonly string[] = [
  "",
  "*/*",
  "application/*",
  "application/json",
  "Application/JSON",
  "application/json; charset=utf-8",
  'application/json;charset="UTF-8"',
  "application/json;odata.metadata=minimal",
  "application/json;metadata=minimal",
  "application/json;ODATA.METADATA=Minimal",
  "application/json; odata.metadata=minimal; odata.streaming=false",
  "application/json;IEEE754Compatible=false",
  "application/json;q=0.1",
  "text/html, application/json",
  "text/html,application/xhtml+xml,*/*;q=0.8",
  "application/json;odata.metadata=full;q=0.4, application/json;q=0.5",
  "application/json;odata.metadata=full;nonsense=1, application/json;q=0.5",
  "application/json;odata.metadata=full;q=0, application/json",
];

describe.each(engines)("what a client accepts, on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testRefusals(
    () => world,
    refused.map(
      (accept): Case => [
        `a read that accepts only '${accept}' is answered 406 with what there is`,
        { method: "GET", path: "/customers", headers: { accept } },
        { ...notAcceptable, message: "application/json" },
      ],
    ),
  );
  testRefusals(
    () => world,
    (
      [
        ["POST", "/customers", { ...minimal, companyProfile: { domain: "{free}" } }],
        ["POST", "/customerCreationOperations", { domain: "{free}" }],
        ["POST", "/customerCreationOperations/{open}/customer/$ref", minimal],
        ["PATCH", "/customers/{active}", { metadata: { a: "b" } }],
        ["DELETE", "/customers/{active}", undefined],
      ] as const
    ).map(
      ([method, path, body]): Case => [
        `${method} of ${path} that accepts only text/html is answered 406`,
        { method, path, headers: { accept: "text/html" }, ...(body === undefined ? {} : { body }) },
        notAcceptable,
      ],
    ),
  );
  testRefusals(
    () => world,
    (
      [
        ["/$metadata", "text/html"],
        ["/$metadata", "application/xml;q=0"],
        ["/", "application/xml"],
        ["/openapi.json", "text/html"],
        ["/swagger.json", "application/xml"],
        ["/customers/$count", "text/html"],
        ["/customers/$count", "text/plain;q=0"],
      ] as const
    ).map(
      ([path, accept]): Case => [
        `${path} that is to come as '${accept}' is answered 406`,
        { method: "GET", path, headers: { accept } },
        notAcceptable,
      ],
    ),
  );

  test.each(accepted)("a read that accepts '%s' is answered with JSON", async (accept) => {
    const answer = await sendAttempt(world, { method: "GET", path: "/customers", headers: { accept } });

    expect(answer.status).toBe(200);
    expect(answer.headers["Content-Type"]).toBe(json);
  });

  test.each([
    ["/customers/$count", "text/plain", text],
    ["/customers/$count", "text/plain;q=0.1", text],
    ["/customers/$count", "*/*", text],
    ["/$metadata", "application/xml", "application/xml"],
    ["/$metadata", "*/*", "application/xml"],
    ["/", "application/json", json],
    ["/openapi.json", "application/json", "application/json"],
    ["/swagger.json", "application/json", "application/json"],
  ])("%s that is to come as '%s' comes as %s", async (path, accept, type) => {
    const answer = await sendAttempt(world, { method: "GET", path, headers: { accept } });

    expect(answer.status).toBe(200);
    expect(answer.headers["Content-Type"]).toBe(type);
  });
});
