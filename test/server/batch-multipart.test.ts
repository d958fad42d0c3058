import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, engines, type Json, newDomain, type Sending, type Service } from "../support/service.ts";
import { type Case, testRefusals } from "./refusal.ts";
import { minimal, openWorld, type World } from "./world.ts";

const boundary = "batch_36522ad7-fc75";
const contentType = `multipart/mixed; boundary=${boundary}`;

describe.each(engines)("a batch in multipart on %s", (engine) => {
  let world: World;
  let service: Service;
  beforeAll(async () => {
    world = await openWorld(engine);
    service = world.service;
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  async function batch(parts: readonly string[], sending: Sending = {}): Promise<Answer> {
    const headers = { "content-type": contentType, ...sending.headers };
    const answer = await service.post("/$batch", join(parts), { ...sending, headers });
    expect(`${answer.status} ${answer.json?.error?.message ?? ""}`).toBe("200 ");
    return answer;
  }

  /** The parts of an answer, those of a change set in a list of their own. */
  async function answersOf(parts: readonly string[], sending?: Sending): Promise<Json> {
    return readParts(await batch(parts, sending));
  }

  test("answers each request in the order received, as it would be answered alone", async () => {
    const path = `/customers/${world.names["active"]}`;
    const alone = await service.get(path);

    const answer = await batch([
      http(`GET ${path.slice(1)} HTTP/1.1`),
      http("GET customers/$count HTTP/1.1\r\nAccept: text/plain", "", "second"),
    ]);
    const [first, second] = readParts(answer);

    expect(answer.headers["Content-Type"]).toMatch(/^multipart\/mixed; boundary=batchresponse_/);
    expect(first).toMatchObject({ status: 200, headers: { ETag: alone.headers["ETag"] }, json: alone.json });
    expect(second).toMatchObject({ status: 200, id: "second", text: /^\d+$/ });
  });

  test.each([
    ["an absolute URL", "GET {root}/customers HTTP/1.1"],
    ["a path and a host", "GET /v1.0/customers HTTP/1.1\r\nHost: 127.0.0.1:8080"],
    ["a relative path", "GET customers HTTP/1.1"],
    ["a path from the service root", "GET /customers HTTP/1.1"],
    ["a URL that is not encoded", "GET customers?$filter=externalId eq 'é' HTTP/1.1"],
    ["a method in lower case and no version", "get customers"],
  ])("understands %s", async (_name, request) => {
    const filled = request.replace("{root}", world.names["root"] ?? "");

    const [answer] = await answersOf([http(filled)]);

    expect(answer).toMatchObject({ status: 200 });
  });

  test("may end its lines with a line feed alone, and has text before and behind it that says nothing", async () => {
    const text = `This is a multipart message.\n--${boundary}\nContent-Type: application/http\n\nGET customers HTTP/1.1\n\n--${boundary}--\nThe end.`;

    const answer = await service.post("/$batch", text, { headers: { "content-type": contentType } });

    expect(readParts(answer)).toMatchObject([{ status: 200 }]);
  });

  test("of no parts has no answers", async () => {
    expect(await answersOf([])).toEqual([]);
  });

  test("gives an answer of 204 neither a body nor a Content-Type", async () => {
    const { json } = await service.post("/customerCreationOperations", { domain: newDomain() });

    const [answer] = await answersOf([http(`DELETE customerCreationOperations/${json.id} HTTP/1.1`)]);

    expect(answer).toMatchObject({ status: 204, text: "" });
    expect(answer.headers).not.toHaveProperty("Content-Type");
  });

  test("carries out a change set as a whole, in which a request uses the result of another", async () => {
    const before = await service.changes();

    const [set, after] = await answersOf([
      changeSet([
        post("customerCreationOperations", { domain: newDomain() }, "1"),
        post("$1/customer/$ref", minimal, "2"),
      ]),
      http("GET $2 HTTP/1.1", "", "3"),
    ]);

    expect(set).toMatchObject([
      { status: 201, id: "1" },
      { status: 204, id: "2" },
    ]);
    expect(after).toMatchObject({ status: 200, id: "3", json: { lifecycleState: "provisioning" } });
    expect((await service.changes()).length).toBe(before.length + 3);
  });

  test("keeps nothing of a change set in which one request fails, and answers it once, with that failure", async () => {
    const before = await service.changes();
    const domain = newDomain();

    const answers = await answersOf(
      [
        changeSet([
          post("customerCreationOperations", { domain }, "1"),
          post("customerCreationOperations", { domain }, "2"),
          post("customerCreationOperations", { domain: newDomain() }, "3"),
        ]),
        http("GET customers HTTP/1.1"),
      ],
      { headers: { prefer: "continue-on-error" } },
    );

    expect(answers).toMatchObject([{ status: 409, id: "2" }, { status: 200 }]);
    expect(await service.changes()).toEqual(before);
  });

  test("stops at the first failure unless it is told to go on", async () => {
    const parts = [http("GET nothing HTTP/1.1"), post("customerCreationOperations", { domain: newDomain() })];
    const before = await service.changes();

    const stopped = await answersOf(parts);
    const unchanged = await service.changes();
    const continued = await batch(parts, { headers: { prefer: "odata.continue-on-error" } });

    expect(stopped).toMatchObject([{ status: 404 }]);
    expect(unchanged).toEqual(before);
    expect(readParts(continued)).toMatchObject([{ status: 404 }, { status: 201 }]);
    expect(continued.headers["Preference-Applied"]).toBe("odata.continue-on-error=true");
  });

  test("does not carry out a request that uses the result of one that failed", async () => {
    const before = await service.changes();

    const answers = await answersOf([post("customers", {}, "1"), http("DELETE $1 HTTP/1.1", "", "2")], {
      headers: { prefer: "continue-on-error=true" },
    });

    expect(answers).toMatchObject([{ status: 400 }, { status: 424 }]);
    expect(await service.changes()).toEqual(before);
  });

  test("refuses a GET in a change set, and nothing of that is done", async () => {
    const before = await service.changes();

    const answers = await answersOf([
      changeSet([
        post("customerCreationOperations", { domain: newDomain() }, "1"),
        http("GET customers HTTP/1.1", "", "2"),
      ]),
    ]);

    expect(answers).toMatchObject([{ status: 400, id: "2" }]);
    expect(await service.changes()).toEqual(before);
  });

  test("reads as much of a body as is announced", async () => {
    const domain = newDomain();
    const body = JSON.stringify({ domain });
    const head = `POST customerCreationOperations HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;

    const [answer] = await answersOf([http(head, `${body}\r\n\r\n(and more)`)]);

    expect(answer).toMatchObject({ status: 201, json: { domain } });
  });

  test("is answered in JSON when that is what is accepted", async () => {
    const parts = [http("GET customers/$count HTTP/1.1", "", "a"), http("GET nothing HTTP/1.1")];

    const answer = await batch(parts, { headers: { accept: "application/json" } });

    expect(answer.headers["Content-Type"]).toMatch(/^application\/json;/);
    expect(answer.json.responses).toMatchObject([
      { id: "a", status: 200 },
      { id: "2", status: 404 },
    ]);
  });

  test("is understood from a client that knows 4.0 only", async () => {
    const [answer] = await answersOf([http("GET customers HTTP/1.1")], { headers: { "odata-maxversion": "4.0" } });

    expect(answer).toMatchObject({ status: 200 });
  });

  testRefusals(() => world, refusals);
});

const refusals: readonly Case[] = (
  [
    ["without a boundary is refused", "multipart/mixed", join([opening()]), "boundary"],
    ["with a boundary that is too long is refused", `multipart/mixed; boundary=${"x".repeat(71)}`, "", "boundary"],
    ["that does not end is refused", contentType, join([opening()]).replace(`--${boundary}--`, ""), "does not end"],
    [
      "with a part of another type is refused",
      contentType,
      join([opening(), "Content-Type: text/plain\r\n\r\nx"]),
      "text/plain",
    ],
    ["with a part without a type is refused", contentType, join([opening(), "\r\nGET x HTTP/1.1"]), "application/http"],
    [
      "with a header that is none is refused",
      contentType,
      join([opening(), "Content-Type application/http\r\n\r\n"]),
      "not a header",
    ],
    ["with a request line that is none is refused", contentType, join([opening(), http("customers")]), "request line"],
    ["with an empty change set is refused", contentType, join([opening(), changeSet([])]), "empty"],
    [
      "with a change set in a change set is refused",
      contentType,
      join([opening(), changeSet([changeSet([opening()])])]),
      "application/http",
    ],
    [
      "that names two of a change set alike is refused",
      contentType,
      join([changeSet([opening("a"), opening("A")])]),
      "Content-ID",
    ],
    [
      "of more than twenty requests is refused",
      contentType,
      join([changeSet(Array.from({ length: 21 }, () => opening()))]),
      "exceeds the limit",
    ],
    [
      "with a body shorter than announced is refused",
      contentType,
      join([opening(), http("POST customers HTTP/1.1\r\nContent-Length: 99", "{}")]),
      "99",
    ],
  ] as const
).map(
  ([sentence, type, body, message]): Case => [
    `a batch ${sentence}`,
    { method: "POST", path: "/$batch", body, headers: { "content-type": type } },
    { status: 400, code: "invalidRequest", message },
  ],
);

function opening(id?: string): string {
  return post("customerCreationOperations", { domain: "{free}" }, id);
}

function post(url: string, body: object, id?: string): string {
  return http(`POST ${url} HTTP/1.1\r\nContent-Type: application/json`, JSON.stringify(body), id);
}

function http(head: string, body = "", id?: string): string {
  const name = id === undefined ? "" : `Content-ID: ${id}\r\n`;
  return `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n${name}\r\n${head}\r\n\r\n${body}`;
}

function changeSet(parts: readonly string[]): string {
  const inner = "changeset_77162fcd";
  return `Content-Type: multipart/mixed; boundary="${inner}"\r\n\r\n${join(parts, inner)}`;
}

function join(parts: readonly string[], mark: string = boundary): string {
  return `${parts.map((part) => `--${mark}\r\n${part}\r\n`).join("")}--${mark}--\r\n`;
}

function readParts(answer: Answer): Json[] {
  return readMultipart(answer.text ?? "", answer.headers["Content-Type"] ?? "");
}

function readMultipart(text: string, type: string): Json[] {
  const mark = /boundary=(\S+)$/.exec(type)?.[1];
  const [, ...parts] = `\r\n${text}`.split(`\r\n--${mark}`);
  expect(parts.pop()).toBe("--\r\n");
  return parts.map((part) => {
    const { headers, rest } = readHead(part.slice(2));
    if (headers["Content-Type"]?.startsWith("multipart/mixed")) return readMultipart(rest, headers["Content-Type"]);
    expect(headers["Content-Type"]).toBe("application/http");
    const statusEnd = rest.indexOf("\r\n");
    const { headers: own, rest: body } = readHead(rest.slice(statusEnd + 2));
    const status = Number(/^HTTP\/1\.1 (\d{3}) \S/.exec(rest)?.[1]);
    const isJson = own["Content-Type"]?.startsWith("application/json") === true;
    return {
      status,
      id: headers["Content-ID"],
      headers: own,
      text: body,
      ...(isJson ? { json: JSON.parse(body) } : {}),
    };
  });
}

function readHead(text: string): { readonly headers: Record<string, string | undefined>; readonly rest: string } {
  const end = text.indexOf("\r\n\r\n");
  const lines = text.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => [line.split(": ")[0], line.slice(line.indexOf(": ") + 2)]));
  return { headers, rest: text.slice(end + 4) };
}
