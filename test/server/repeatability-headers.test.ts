import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authenticator } from "../../src/server/authenticate.ts";
import { service as serve } from "../../src/server/handle.ts";
import { raw } from "../../src/store/sql.ts";
import { idempotent, repeatable, traces } from "../support/repeatable.ts";
import {
  audience,
  engines,
  eventually,
  issuer,
  keys,
  newDomain,
  origin,
  otherPartner,
  partner,
  type Service,
  signToken,
  startService,
} from "../support/service.ts";

const firstSent = () => new Date().toUTCString();
const idName = "repeatability-request-id";
const clientName = "repeatability-client-id";
const sentName = "repeatability-first-sent";

type Case = readonly [sentence: string, headers: () => Readonly<Record<string, string>>];

const malformed: readonly Case[] = [
  ["a Repeatability-Request-ID alone", () => ({ [idName]: randomUUID() })],
  ["a Repeatability-First-Sent alone", () => ({ [sentName]: firstSent() })],
  ["an empty Repeatability-Request-ID", () => ({ [idName]: "", [sentName]: firstSent() })],
  ["a Repeatability-Request-ID of 256 characters", () => ({ [idName]: "x".repeat(256), [sentName]: firstSent() })],
  ["a Repeatability-Request-ID with a letter beyond ASCII", () => ({ [idName]: "é", [sentName]: firstSent() })],
  ["an empty Repeatability-Client-ID", () => ({ ...repeatable().headers, [clientName]: "" })],
  ["a date in ISO 8601", () => ({ [idName]: randomUUID(), [sentName]: new Date().toISOString() })],
  ["a date of RFC 850", () => ({ [idName]: randomUUID(), [sentName]: "Sunday, 06-Nov-94 08:49:37 GMT" })],
  ["a date of asctime", () => ({ [idName]: randomUUID(), [sentName]: "Sun Nov  6 08:49:37 1994" })],
  ["a date on the wrong weekday", () => ({ [idName]: randomUUID(), [sentName]: "Mon, 06 Nov 1994 08:49:37 GMT" })],
  ["a day that there is not", () => ({ [idName]: randomUUID(), [sentName]: "Thu, 30 Feb 2023 08:49:37 GMT" })],
  ["a date of another zone", () => ({ [idName]: randomUUID(), [sentName]: firstSent().replace("GMT", "+0000") })],
  ["two dates", () => ({ [idName]: randomUUID(), [sentName]: `${firstSent()}, ${firstSent()}` })],
];

const malformedKeys: readonly Case[] = [
  ["an empty Idempotency-Key", () => idempotent("").headers],
  ["a blank Idempotency-Key", () => idempotent("  ").headers],
  ["an Idempotency-Key of 256 characters", () => idempotent("k".repeat(256)).headers],
  ["an Idempotency-Key with a control character", () => idempotent("a\tb").headers],
  ["an Idempotency-Key with a letter beyond ASCII", () => idempotent("schlüssel").headers],
];

describe.each(engines)("the headers of repeatable requests on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const open = (headers: Readonly<Record<string, string>>) =>
    service.post("/customerCreationOperations", { domain: newDomain() }, { headers });

  test.each(malformed)("%s is refused and rejected", async (_sentence, headersOf) => {
    const before = await traces(service);

    const refused = await open(headersOf());
    const after = await traces(service);

    expect(refused.status).toBe(400);
    expect(refused.json.error).toMatchObject({
      code: "badRequest",
      innerError: { code: "repeatabilityHeadersInvalid" },
    });
    expect(refused.headers["Repeatability-Result"]).toBe("rejected");
    expect(after).toEqual(before);
  });

  test.each(malformedKeys)("%s is refused", async (_sentence, headersOf) => {
    const before = await traces(service);

    const refused = await open(headersOf());
    const after = await traces(service);

    expect(refused.status).toBe(400);
    expect(refused.json.error.innerError.code).toBe("repeatabilityHeadersInvalid");
    expect(refused.headers).not.toHaveProperty("Repeatability-Result");
    expect(after).toEqual(before);
  });

  test.each([
    ["more than a day ago", 24 * 3600 + 5],
    ["more than five minutes ahead", -305],
  ])("a request first sent %s is refused with 412 and rejected", async (_when, secondsAgo) => {
    const before = await traces(service);

    const refused = await open(repeatable({ secondsAgo }).headers);
    const after = await traces(service);

    expect(refused.status).toBe(412);
    expect(refused.json.error).toMatchObject({
      code: "preconditionFailed",
      innerError: { code: "repeatabilityWindowExceeded" },
    });
    expect(refused.headers["Repeatability-Result"]).toBe("rejected");
    expect(after).toEqual(before);
  });

  test.each([
    ["almost a day ago", 24 * 3600 - 5],
    ["almost five minutes ahead", -295],
  ])("a request first sent %s is accepted", async (_when, secondsAgo) => {
    const answer = await open(repeatable({ secondsAgo }).headers);

    expect(answer.status).toBe(201);
    expect(answer.headers["Repeatability-Result"]).toBe("accepted");
  });

  test("a refusal for another reason is accepted: the request was understood, and nothing has changed", async () => {
    const answer = await service.delete("/customers/0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50", repeatable());

    expect(answer.status).toBe(404);
    expect(answer.headers["Repeatability-Result"]).toBe("accepted");
  });

  test("are told apart by the client that they name", async () => {
    const { headers } = repeatable();
    const body = { domain: newDomain() };
    const send = (client: Readonly<Record<string, string>>, sent: object) =>
      service.post("/customerCreationOperations", sent, { headers: { ...headers, ...client } });

    const first = await send({}, body);
    const second = await send({ [clientName]: "a" }, { domain: newDomain() });
    const third = await send({ [clientName]: "b" }, { domain: newDomain() });
    const again = await send({}, body);

    expect([first, second, third].map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(again.json.id).toBe(first.json.id);
  });

  test("the members of an atomic group share their key", async () => {
    const handle = serve(
      service.context,
      authenticator([{ issuer, audiences: [audience], keys: { jwks: (await keys).jwks } }]),
    );
    const token = await signToken();
    const { headers } = repeatable();
    const bodies = [{ domain: newDomain() }, { domain: newDomain() }];
    const sendGroup = () =>
      Promise.all(
        bodies.map((body, index) =>
          handle({
            method: "POST",
            origin,
            url: "/v1.0/customerCreationOperations",
            headers: { ...headers, authorization: `Bearer ${token}`, "content-type": "application/json" },
            body: new TextEncoder().encode(JSON.stringify(body)),
            member: String(index),
          }),
        ),
      );

    const first = await sendGroup();
    const second = await sendGroup();

    expect(first.map(({ status }) => status)).toEqual([201, 201]);
    expect(second.map(({ body }) => body)).toEqual(first.map(({ body }) => body));
    expect(second.map((each) => each.headers["Idempotency-Replayed"])).toEqual(["true", "true"]);
  });
});

describe.each(engines)("the records of repeatable requests on %s", (engine) => {
  test("count until a request first sent ahead of our clock is past its window, and then no more", async () => {
    await using service = await startService(engine);
    const body = { domain: newDomain() };
    const sending = { ...repeatable({ secondsAgo: -290 }), body };
    const keyed = { ...idempotent(), body: { domain: newDomain() } };
    const first = await service.send("POST", "/customerCreationOperations", sending);
    await service.send("POST", "/customerCreationOperations", keyed);

    service.advance(24 * 3600 + 280);
    const late = await service.send("POST", "/customerCreationOperations", sending);
    service.advance(60);
    const tooLate = await service.send("POST", "/customerCreationOperations", sending);
    const anew = await service.send("POST", "/customerCreationOperations", keyed);

    expect(late.text).toBe(first.text);
    expect(tooLate.status).toBe(412);
    expect(anew.status).toBe(201);
    expect(anew.headers).not.toHaveProperty("Idempotency-Replayed");
  });

  test("are seen by no other partner, not even by a statement that asks for all", async () => {
    await using service = await startService(engine);
    await service.post("/customerCreationOperations", { domain: newDomain() }, idempotent());
    const all = raw(`select "partnerId" from "repeatability"`);

    const own = await service.database.read(partner, all);
    const others = await service.database.read(otherPartner, all);

    expect(own).toEqual([{ partnerId: partner }]);
    // The second wall is PostgreSQL's; on SQLite the conditions of the statements are the only one (D9).
    expect(others).toHaveLength(engine === "postgres" ? 0 : 1);
  });

  test("are removed by the work loop when they are past their time, in portions, and not before", async () => {
    await using service = await startService(engine, {
      work: true,
      limits: { pollMilliseconds: 20, recordsPurgedMax: 2 },
    });
    for (let count = 0; count < 5; count++) {
      await service.post("/customerCreationOperations", { domain: newDomain() }, idempotent());
    }
    service.advance(24 * 3600 + 240);
    await service.post("/customerCreationOperations", { domain: newDomain() }, idempotent("young"));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = await service.rows(`select "requestId" from "repeatability"`);

    service.advance(120);
    const after = await eventually(async () => {
      const left = await service.rows(`select "requestId" from "repeatability"`);
      return left.length < 6 ? left : undefined;
    });
    const last = await eventually(async () => {
      const left = await service.rows(`select "requestId" from "repeatability"`);
      return left.length === 1 ? left : undefined;
    });

    expect(before).toHaveLength(6);
    expect(after.length).toBeGreaterThanOrEqual(1);
    expect(last).toEqual([{ requestId: "idempotency:young" }]);
  });
});
