import { type IncomingHttpHeaders, request } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Listener, listen } from "../../src/server/listen.ts";
import { engines, newDomain, type Service, signToken, startService } from "../support/service.ts";
import { handleOf } from "./answering.ts";
import { type RawAnswer, requestLines, sendRaw } from "./raw-http.ts";

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

describe.each(engines)("the listener on %s", (engine) => {
  let service: Service;
  let listener: Listener;
  let authorization: string;
  beforeAll(async () => {
    service = await startService(engine);
    listener = await listen(service.context, await handleOf(service), { host: "127.0.0.1", port: 0 });
    authorization = `Authorization: Bearer ${await signToken()}`;
  });
  afterAll(async () => {
    await listener.close();
    await service[Symbol.asyncDispose]();
  });

  function send(line: string, headers: readonly string[] = [], body = ""): Promise<RawAnswer> {
    const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
    const host = headers.some((header) => /^host:/i.test(header)) ? [] : [`Host: ${listener.origin.slice(7)}`];
    return sendRaw(
      listener.origin,
      requestLines(`${line} HTTP/1.1`, ...host, authorization, ...headers, ...length) + body,
    );
  }

  /** Asserts the shape of an error and its headers, as protocol 2.2 and 11.1 want them on every refusal. */
  function expectError(answer: RawAnswer, wanted: { readonly status: number; readonly code: string }): void {
    const { status, code } = wanted;
    expect({ status: answer.status, body: answer.body }).toEqual({ status, body: expect.stringMatching(/^{"error":/) });
    const { error } = JSON.parse(answer.body);
    expect(error.message).toMatch(/\S/);
    expect(error.innerError).toMatchObject({ code, date: expect.stringMatching(/Z$/) });
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.headers["odata-version"]).toBe("4.0");
    expect(Number(answer.headers["content-length"])).toBe(Buffer.byteLength(answer.body));
  }

  function expectIds(answer: RawAnswer): void {
    const { innerError } = JSON.parse(answer.body).error;
    expect(answer.headers["request-id"]).toMatch(uuid);
    expect(answer.headers["client-request-id"]).toMatch(/\S/);
    expect(innerError["request-id"]).toBe(answer.headers["request-id"]);
    expect(innerError["client-request-id"]).toBe(answer.headers["client-request-id"]);
    expect(answer.headers["content-language"]).toBe("en-US");
    expect(answer.headers["cache-control"]).toBe("no-cache");
  }

  test.each([
    [[], "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"],
    [["OData-MaxVersion: 4.0"], "application/json;odata.metadata=minimal"],
    [["OData-MaxVersion: 4.01"], "application/json;metadata=minimal"],
    [["OData-MaxVersion: 4.01", "Accept: application/json;metadata=full"], "application/json;metadata=full"],
  ])("with %j sends exactly the type that was meant", async (headers, type) => {
    const answer = await send("GET /v1.0/customers", headers);
    const error = await send("GET /v1.0/nothing", headers);

    expect(answer.headers["content-type"]).toBe(type);
    expect(error.headers["content-type"]).toBe("application/json");
  });

  describe("refuses what it cannot take", () => {
    const json = "Content-Type: application/json";

    test("a body over the limit, announced by its length, is answered 413 and not read", async () => {
      const before = await service.changes();

      const answer = await send("POST /v1.0/customers", [json, "Content-Length: 1000001"]);

      expectError(answer, { status: 413, code: "payloadTooLarge" });
      expectIds(answer);
      expect(await service.changes()).toEqual(before);
    });

    test("a body over the limit that comes in chunks is answered 413", async () => {
      const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;

      const answer = await sendRaw(
        listener.origin,
        requestLines("POST /v1.0/customers HTTP/1.1", "Host: a", json, authorization, "Transfer-Encoding: chunked") +
          chunk.repeat(20),
      );

      expectError(answer, { status: 413, code: "payloadTooLarge" });
      expectIds(answer);
    });

    test("a body over the limit with no type is answered 413 or 415", async () => {
      const answer = await send("POST /v1.0/customers", ["Content-Length: 1000001"]);

      expect([413, 415]).toContain(answer.status);
      expectIds(answer);
    });

    test.each([
      ["garbage", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"],
      ["a method that there is not", requestLines("FROB /v1.0/customers HTTP/1.1", "Host: a")],
      ["a version that there is not", requestLines("GET /v1.0/customers HTTP/9.9", "Host: a")],
      ["a space in the path", requestLines("GET /v1.0/a b HTTP/1.1", "Host: a")],
      ["a header without a colon", requestLines("GET /v1.0/ HTTP/1.1", "Host: a", "nonsense")],
      ["a header with NUL", requestLines("GET /v1.0/ HTTP/1.1", "Host: a", "X: a\0b")],
      ["a length that is no number", requestLines("POST /v1.0/customers HTTP/1.1", "Host: a", "Content-Length: ten")],
      [
        "two lengths",
        requestLines("POST /v1.0/customers HTTP/1.1", "Host: a", "Content-Length: 2", "Content-Length: 3"),
      ],
      [
        "a length and chunks at once",
        `${requestLines("POST /v1.0/customers HTTP/1.1", "Host: a", "Content-Length: 2", "Transfer-Encoding: chunked")}0\r\n\r\n`,
      ],
    ])("%s is answered 400 and the connection is closed", async (_what, bytes) => {
      const answer = await sendRaw(listener.origin, bytes);

      expectError(answer, { status: 400, code: "invalidRequest" });
      expect(answer.headers["connection"]).toBe("close");
    });

    test("headers that are too long are answered 431", async () => {
      const answer = await send("GET /v1.0/customers", [`X-Long: ${"x".repeat(40_000)}`]);

      expectError(answer, { status: 431, code: "headersTooLarge" });
    });

    test.each([
      ["garbage", "garbage\r\n\r\n"],
      ["headers that are too long", requestLines("GET / HTTP/1.1", "Host: a", `X: ${"x".repeat(40_000)}`)],
    ])("the refusal of %s can be told from others by its request-id", async (_what, bytes) => {
      const answer = await sendRaw(listener.origin, bytes);

      expectIds(answer);
    });

    test("a request without a Host is answered 400 in the shape of an error", async () => {
      const answer = await sendRaw(listener.origin, requestLines("GET /v1.0/ HTTP/1.1"));

      expectError(answer, { status: 400, code: "invalidRequest" });
    });

    test.each([
      ["a path with malformed percent-encoding", "GET /v1.0/customers/%zz", 400, "invalidRequest"],
      ["a query with malformed percent-encoding", "GET /v1.0/customers?x=%zz", 400, "invalidQueryOption"],
      ["a path that is too long", `GET /v1.0/${"x".repeat(17_000)}`, 414, "uriTooLong"],
      ["a query that is too long", `GET /v1.0/customers?x=${"x".repeat(17_000)}`, 414, "uriTooLong"],
      ["an unknown path", "GET /nothing", 404, "itemNotFound"],
      ["a rare method", "PROPFIND /v1.0/customers", 405, "notAllowed"],
      ["TRACE", "TRACE /v1.0/customers", 405, "notAllowed"],
      ["PUT", "PUT /v1.0/customers", 405, "notAllowed"],
    ])("%s is answered in the shape of an error", async (_what, line, status, code) => {
      const answer = await send(line);

      expectError(answer, { status, code });
      expectIds(answer);
    });

    test.each([
      ["no Content-Type", []],
      ["a Content-Type that is garbage", ["Content-Type: ;;;"]],
      ["the Content-Type of a form", ["Content-Type: application/x-www-form-urlencoded"]],
      ["a body that is compressed", [json, "Content-Encoding: gzip"]],
    ])("a body with %s is answered 415", async (_what, headers) => {
      const answer = await send("POST /v1.0/customers", headers, "{}");

      expectError(answer, { status: 415, code: "unsupportedMediaType" });
      expectIds(answer);
    });

    test.each([
      ["without a length", [], ""],
      ["of the length 0", ["Content-Length: 0"], ""],
      ["of white space", [], "  "],
    ])("an empty body %s is answered 400", async (_how, headers, body) => {
      const answer = await send("POST /v1.0/customers", [json, ...headers], body);

      expectError(answer, { status: 400, code: "invalidRequest" });
    });
  });

  describe("answers", () => {
    test("204 without a type and without a length", async () => {
      const { json } = await service.post("/customerCreationOperations", { domain: newDomain() });
      const path = `/v1.0/customerCreationOperations/${json.id}/customer/$ref`;
      const body = '{"companyProfile":{},"billingProfile":{}}';

      const answer = await send(`POST ${path}`, ["Content-Type: application/json"], body);

      expect(answer).toMatchObject({ status: 204, body: "" });
      expect(answer.headers["location"]).toMatch(new RegExp(`^${listener.origin}/v1.0/customers/`));
      expect(answer.headers).not.toHaveProperty("content-type");
      expect(answer.headers).not.toHaveProperty("content-length");
      expect(answer.headers).not.toHaveProperty("transfer-encoding");
    });

    test("304 without a type", async () => {
      const { json, headers } = await service.post("/customerCreationOperations", { domain: newDomain() });

      const answer = await send(`GET /v1.0/customerCreationOperations/${json.id}`, [
        `If-None-Match: ${headers["ETag"]}`,
      ]);

      expect(answer).toMatchObject({ status: 304, body: "", headers: { etag: headers["ETag"] } });
      expect(answer.headers).not.toHaveProperty("content-type");
    });

    test("HEAD without a body, and with no length that is not the GET's", async () => {
      const read = await send("GET /v1.0/");

      const answer = await send("HEAD /v1.0/", ["Connection: close"]);

      expect(answer).toMatchObject({ status: 200, body: "" });
      expect(answer.headers["content-type"]).toBe(read.headers["content-type"]);
      expect([undefined, read.headers["content-length"]]).toContain(answer.headers["content-length"]);
    });

    test.each(["GET /v1.0/$metadata", "GET /v1.0/openapi.json"])(
      "%s compressed with gzip when it is asked for",
      async (line) => {
        const plain = await send(line);
        const zipped = await getZipped(listener.origin + line.slice(4));

        expect(plain.headers).not.toHaveProperty("content-encoding");
        expect(zipped.headers["content-encoding"]).toBe("gzip");
        expect(gunzipSync(zipped.body).toString("utf8")).toBe(plain.body);
        expect(zipped.body.length).toBeLessThan(plain.body.length / 2);
      },
    );

    test("with a Date, with what varies it, and with the protections of a browser", async () => {
      const answer = await send("GET /v1.0/$metadata", ["Accept-Encoding: gzip"]);

      expect(Date.parse(String(answer.headers["date"]))).toBeGreaterThan(Date.now() - 60_000);
      expect(answer.headers["vary"]?.toLowerCase()).toMatch(/accept\b(?!-).*/);
      expect(answer.headers["vary"]?.toLowerCase()).toContain("accept-encoding");
      expect(answer.headers["vary"]?.toLowerCase()).toContain("prefer");
      expect(answer.headers["x-content-type-options"]).toBe("nosniff");
      expect(answer.headers).not.toHaveProperty("strict-transport-security");
      expect(answer.headers).not.toHaveProperty("x-powered-by");
    });

    test("a key that holds an encoded slash", async () => {
      const answer = await send("GET /v1.0/customers('a%2Fb')");

      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.body).error.message).toContain("'a/b'");
    });

    test("a raw value and query options that are plain text", async () => {
      const plain = "Content-Type: text/plain";
      const body = JSON.stringify({ companyProfile: { domain: newDomain() }, billingProfile: {} });
      const { id } = JSON.parse((await send("POST /v1.0/customers", ["Content-Type: application/json"], body)).body);

      const written = await send(`PUT /v1.0/customers/${id}/billingProfile/culture/$value`, [plain], "pt-PT");
      const found = await send("POST /v1.0/customers/$query", [plain], `$filter=id%20eq%20'${id}'&$select=id`);

      expect([written.status, written.body]).toEqual([200, "pt-PT"]);
      expect([found.status, JSON.parse(found.body).value.length]).toEqual([200, 1]);
    });

    test("a request whose target is a whole URL, as RFC 9112 wants", async () => {
      const answer = await send(`GET ${listener.origin}/v1.0/customers`);

      expect(answer.status).toBe(200);
    });
  });
});

// Not fetch, which unzips by itself.
function getZipped(url: string): Promise<{ readonly headers: IncomingHttpHeaders; readonly body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { "accept-encoding": "gzip" } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(chunks) }));
    });
    sent.on("error", reject).end();
  });
}
