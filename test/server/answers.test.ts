import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, engines, origin } from "../support/service.ts";
import { handleOf } from "./answering.ts";
import { type Attempt, fill, sendAttempt } from "./refusal.ts";
import { activeBody, minimal, openWorld, type World } from "./world.ts";

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const operation = "/customerCreationOperations/{open}";

/** One request for every kind of answer, with its status and whether it has a body. None of them changes anything. */
const kinds: readonly (readonly [kind: string, attempt: Attempt, status: number, hasBody: boolean])[] = [
  ["the service document", get("/"), 200, true],
  ["the metadata", get("/$metadata"), 200, true],
  ["the OpenAPI description", get("/openapi.json"), 200, true],
  ["the Swagger description", get("/swagger.json"), 200, true],
  ["a sign of life", get("!/healthz"), 200, true],
  ["a sign of readiness", get("!/readyz"), 200, true],
  ["an entity", get("/customers/{active}"), 200, true],
  ["an entity that is not modified", { ...get("/customers/{active}"), headers: { "if-none-match": "*" } }, 304, false],
  ["a collection", get("/customers"), 200, true],
  ["a collection by navigation", get("/customerCreationOperations/{done}/customer"), 200, true],
  ["a count", get("/customers/$count"), 200, true],
  ["references", get("/customerCreationOperations/{done}/customer/$ref"), 200, true],
  ["a HEAD", { method: "HEAD", path: "/customers/{active}" }, 200, false],
  ["a HEAD of a document", { method: "HEAD", path: "/$metadata" }, 200, false],
  ["OPTIONS", { method: "OPTIONS", path: "/customers" }, 204, false],
  [
    "a repeated POST",
    { method: "POST", path: "/customerCreationOperations/{done}/customer/$ref", body: activeBody },
    204,
    false,
  ],
  [
    "a repeated POST with its body",
    {
      method: "POST",
      path: "/customerCreationOperations/{done}/customer/$ref",
      body: activeBody,
      headers: { prefer: "return=representation" },
    },
    201,
    true,
  ],
  ["a malformed request", { method: "POST", path: "/customers", json: "{" }, 400, true],
  ["a request without a token", { ...get("/customers"), token: null }, 401, true],
  ["an unknown path", get("/nothing"), 404, true],
  ["an unknown root", get("!/nothing"), 404, true],
  ["a wrong method", { method: "PUT", path: "/customers" }, 405, true],
  ["a wrong Accept", { ...get("/customers"), headers: { accept: "text/html" } }, 406, true],
  [
    "another customer",
    { method: "POST", path: "/customerCreationOperations/{done}/customer/$ref", body: minimal },
    409,
    true,
  ],
  ["a stale tag", { method: "DELETE", path: operation, headers: { "if-match": '"stale"' } }, 412, true],
  ["a body of another type", { method: "POST", path: "/customers", body: "a=b" }, 415, true],
  ["a path that is too long", get(`/${"x".repeat(20_000)}`), 414, true],
  ["what is not supported", get("/customers?$apply=identity"), 501, true],
];

describe.each(engines)("answers on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  describe.each(kinds)("to %s", (_kind, attempt, status, hasBody) => {
    test("say who they are, which OData they speak and that they are not to be kept", async () => {
      const answer = await sendAttempt(world, attempt);

      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({ "OData-Version": "4.0", "Cache-Control": "no-cache" });
      expect(answer.headers["request-id"]).toMatch(uuid);
      expect(answer.headers["client-request-id"]).toBe(answer.headers["request-id"]);
      expect(listOf(answer, "Vary")).toEqual(expect.arrayContaining(["Accept", "Accept-Encoding", "Prefer"]));
      expect(answer.headers).not.toHaveProperty("Strict-Transport-Security");
    });

    test("have a type exactly when they have a body, and a language when they are errors", async () => {
      const answer = await sendAttempt(world, attempt);

      expect(answer.text === undefined).toBe(!hasBody);
      if (attempt.method !== "HEAD") expect("Content-Type" in answer.headers).toBe(hasBody);
      expect(answer.headers["Content-Language"]).toBe(status >= 400 ? "en-US" : undefined);
    });

    test("repeat the client-request-id, and have a request-id of their own each time", async () => {
      const headers = { ...attempt.headers, "client-request-id": "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50" };

      const first = await sendAttempt(world, { ...attempt, headers });
      const second = await sendAttempt(world, { ...attempt, headers });

      expect(first.headers["client-request-id"]).toBe(headers["client-request-id"]);
      expect(second.headers["client-request-id"]).toBe(headers["client-request-id"]);
      expect(first.headers["request-id"]).not.toBe(second.headers["request-id"]);
    });
  });

  test.each([
    ["with line breaks", "a\r\nSet-Cookie: b=c"],
    ["with spaces", "a b"],
    ["of other letters", "größe"],
    ["that is empty", ""],
    ["of 129 characters", "x".repeat(129)],
  ])("a client-request-id %s is not repeated", async (_how, id) => {
    const answer = await sendAttempt(world, { ...get("/nothing"), headers: { "client-request-id": id } });

    expect(answer.headers["client-request-id"]).toBe(answer.headers["request-id"]);
    expect(answer.json.error.innerError["client-request-id"]).toBe(answer.headers["request-id"]);
  });

  test("over https every answer says that it is to stay so", async () => {
    const request = { method: "GET", origin: "https://api.example", url: "/v1.0/", headers: {} };
    const handle = await handleOf(world.service);

    const response = await handle(request);

    expect(response.headers["Strict-Transport-Security"]).toBe("max-age=31536000");
    expect(response.body).toContain("https://api.example/v1.0/$metadata");
  });

  describe.each([
    "{active}",
    "('{active}')",
    "(id='{active}')",
    "(id = '{active}')",
    "({active})",
    "/{active}/",
    "%28%27{active}%27%29",
  ])("to the key %s", (key) => {
    test("are the entity", async () => {
      const answer = await sendAttempt(world, get(`/customers${key.startsWith("{") ? "/" : ""}${key}`));

      expect(answer.status).toBe(200);
      expect(answer.json.id).toBe(world.names["active"]);
    });
  });

  test.each([
    ["/customerCreationOperations('{done}')/customer", 200],
    ["/customerCreationOperations(id='{done}')/customer('{active}')", 200],
    ["/customerCreationOperations/{done}/customer/{active}", 200],
    ["/customerCreationOperations('{done}')/customer/$ref", 200],
    ["/customerCreationOperations/{done}/customer('{failedCustomer}')", 404],
    ["/customers('it''s')", 404],
    ["/customers('a%2Fb')", 404],
    ["/CUSTOMERS/{active}", 200],
    ["/customercreationoperations/{done}/Customer/$count", 200],
    ["/customers/", 200],
  ])("a path may be written as %s and is answered %i", async (path, status) => {
    const answer = await sendAttempt(world, get(path));

    expect(answer.status).toBe(status);
  });

  test("a key in quotes may hold a doubled quote and an encoded slash, and is named so in the refusal", async () => {
    const quote = await sendAttempt(world, get("/customers('it''s')"));
    const slash = await sendAttempt(world, get("/customers('a%2Fb')"));

    expect(quote.json.error.message).toContain("'it's'");
    expect(slash.json.error.message).toContain("'a/b'");
  });

  test.each(["v1.0", "beta"])("the root /%s serves the same entities, under its own URLs", async (version) => {
    const answer = await sendAttempt(world, get(`!/${version}/customerCreationOperations/{done}`));
    const references = await sendAttempt(world, get(`!/${version}/customerCreationOperations/{done}/customer/$ref`));

    const root = `${origin}/${version}`;
    expect(answer.json["@odata.context"]).toBe(`${root}/$metadata#customerCreationOperations/$entity`);
    expect(answer.json.resourceLocation).toBe(fill(world, `${root}/customers/{active}`));
    expect(references.json).toEqual({
      "@odata.context": `${root}/$metadata#Collection($ref)`,
      value: [{ "@odata.id": fill(world, `${root}/customers/{active}`) }],
    });
  });

  test.each(["/customers/{active}", "/customers", "/customers/$count", "/", "/$metadata", "/openapi.json", operation])(
    "HEAD of %s is the GET without its body",
    async (path) => {
      const read = await sendAttempt(world, get(path));
      const answer = await sendAttempt(world, { method: "HEAD", path });

      expect(answer.text).toBeUndefined();
      expect({ ...answer, headers: withoutIds(answer), text: "", json: "" }).toEqual({
        ...read,
        headers: withoutIds(read),
        text: "",
        json: "",
      });
    },
  );

  test.each([
    ["/", "GET, HEAD, OPTIONS"],
    ["/$metadata", "GET, HEAD, OPTIONS"],
    ["/openapi.json", "GET, HEAD, OPTIONS"],
    ["/swagger.json", "GET, HEAD, OPTIONS"],
    ["/customers", "GET, POST, HEAD, OPTIONS"],
    ["/customers/$count", "GET, HEAD, OPTIONS"],
    ["/customers/{nothing}", "GET, PATCH, DELETE, HEAD, OPTIONS"],
    [operation, "GET, PATCH, DELETE, HEAD, OPTIONS"],
    [`${operation}/customer/$ref`, "GET, POST, DELETE, HEAD, OPTIONS"],
    [`${operation}/customer/{active}`, "GET, HEAD, OPTIONS"],
    [`${operation}/customer/{active}/$ref`, "GET, DELETE, HEAD, OPTIONS"],
  ])("OPTIONS of %s lists %s, without a token", async (path, allow) => {
    const answer = await sendAttempt(world, { method: "OPTIONS", path, token: null });

    expect(answer).toMatchObject({ status: 204, text: undefined, headers: { Allow: allow } });
  });

  test.each([
    ["running", "1"],
    ["open", "30"],
    ["done", undefined],
    ["failed", undefined],
    ["canceled", undefined],
  ])("an operation that is %s has the Retry-After %s", async (name, retryAfter) => {
    const answer = await sendAttempt(world, get(`/customerCreationOperations/{${name}}`));

    expect(answer.headers["Retry-After"]).toBe(retryAfter);
  });
});

function get(path: string): Attempt {
  return { method: "GET", path };
}

function listOf(answer: Answer, name: string): readonly string[] {
  return (answer.headers[name] ?? "").split(",").map((each) => each.trim());
}

function withoutIds({ headers }: Answer) {
  return { ...headers, "request-id": "", "client-request-id": "" };
}
