import { expect, test } from "vitest";
import { profiles } from "../../src/odata/profile.ts";
import type { Answer, Service } from "../support/service.ts";
import type { World } from "./world.ts";

/** A request that is to be refused. Names of the world in braces, such as `{open}`, stand for what they name. */
export interface Attempt {
  readonly method: string;
  readonly path: string;
  /** An object is sent as JSON; bytes and texts are sent as they are, with no Content-Type but that in `headers`. */
  readonly body?: object | string | Uint8Array;
  /** The text of a JSON body. */
  readonly json?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | null;
}

/** What the refusal must say. */
export interface Refusal {
  readonly status: number;
  /** The exact code, in innerError. */
  readonly code: string;
  readonly message?: RegExp | string;
  readonly target?: string;
  /** Every fault that is listed: its code and its target, in any order. */
  readonly details?: readonly (readonly [code: string, target: string])[];
  readonly headers?: Readonly<Record<string, RegExp | string>>;
  /** How the refusal is written, when it is not as Microsoft Graph does it. */
  readonly profile?: keyof typeof profiles;
}

/** A sentence, a request and its refusal. */
export type Case = readonly [sentence: string, attempt: Attempt, refusal: Refusal];

/** The top-level codes as Microsoft Graph's guidelines name them, by status. */
export const topLevelCodes: Readonly<Record<number, string>> = {
  400: "badRequest",
  401: "InvalidAuthenticationToken",
  403: "forbidden",
  404: "notFound",
  405: "methodNotAllowed",
  406: "notAcceptable",
  409: "conflict",
  410: "gone",
  412: "preconditionFailed",
  413: "payloadTooLarge",
  414: "uriTooLong",
  415: "unsupportedMediaType",
  424: "failedDependency",
  429: "tooManyRequests",
  431: "requestHeaderFieldsTooLarge",
  501: "notImplemented",
  503: "serviceUnavailable",
  507: "insufficientStorage",
};

/** Makes a test of each case: the refusal is as it must be, and nothing has changed. */
export function testRefusals(worldOf: () => World, cases: readonly Case[]): void {
  test.each(cases)("%s", async (_sentence, attempt, refusal) => {
    const world = worldOf();
    const before = await stateOf(world.service);

    const answer = await sendAttempt(world, attempt);
    const after = await stateOf(world.service);

    expectRefusal(answer, refusal);
    expect(after).toEqual(before);
  });
}

/** Sends an attempt, with the names in it filled in. */
export function sendAttempt(world: World, attempt: Attempt): Promise<Answer> {
  const { method, path, token, headers = {} } = attempt;
  const body = attempt.json ?? attempt.body;
  const filled = body === undefined || body instanceof Uint8Array ? body : fillBody(world, body);
  const isJson = attempt.json !== undefined || (typeof body === "object" && !(body instanceof Uint8Array));
  return world.service.send(method, fill(world, path), {
    ...(filled === undefined ? {} : { body: filled }),
    ...(token === undefined ? {} : { token }),
    headers: {
      ...(isJson ? { "content-type": "application/json" } : {}),
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(world, value)])),
    },
  });
}

/** Asserts the status, the whole shape of the error, and its headers. */
export function expectRefusal(answer: Answer, refusal: Refusal): void {
  const { status, code } = refusal;
  const { innerError, version } = profiles[refusal.profile ?? "graph"];
  const error = answer.json?.error;
  expect({ status: answer.status, code: error?.[innerError]?.code, error }).toMatchObject({ status, code });
  expect(error).toEqual({
    code: topLevelCodes[status],
    message: expect.stringMatching(/\S/),
    [innerError]: {
      code,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/),
      "request-id": answer.headers["request-id"],
      "client-request-id": answer.headers["client-request-id"],
    },
    ...(error.target === undefined ? {} : { target: expect.any(String) }),
    ...(error.details === undefined ? {} : { details: expect.any(Array) }),
  });
  expect(answer.headers).toMatchObject({
    "Content-Type": "application/json",
    "Content-Language": "en-US",
    "OData-Version": version,
    "Cache-Control": "no-cache",
  });
  expect(answer.headers["request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expectMore(answer, refusal);
}

/** Everything that a refused request must leave as it was. */
export async function stateOf(service: Service) {
  const domains = await service.rows(`select * from "domains" order by "domain"`);
  return { changes: await service.changes(), domains };
}

/** Puts what the names in braces stand for into a text. */
export function fill(world: World, text: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => world.names[name] ?? whole);
}

function fillBody(world: World, body: object | string): string {
  return fill(world, typeof body === "string" ? body : JSON.stringify(body));
}

function expectMore(answer: Answer, { message, target, details, headers }: Refusal): void {
  const { error } = answer.json;
  if (message !== undefined) expect(error.message).toMatch(message);
  if (target !== undefined) expect(error.target).toBe(target);
  if (details !== undefined) {
    const listed = error.details.map((each: { code: string; target: string }) => [each.code, each.target]);
    expect(listed).toHaveLength(details.length);
    expect(listed).toEqual(expect.arrayContaining([...details]));
    for (const each of error.details) expect(each.message).toMatch(/\S/);
  }
  for (const [name, wanted] of Object.entries(headers ?? {})) expect(answer.headers[name]).toMatch(wanted);
}
