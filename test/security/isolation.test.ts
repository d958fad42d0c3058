import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, engines, newDomain, origin, otherPartner, signToken } from "../support/service.ts";
import { foreignRequest, inWorld } from "./foreign-request.ts";
import { comparable, openTwinWorlds, settleIn, type TwinWorlds } from "./twin-worlds.ts";

const storiesMax = 250;
const requestsMax = 12;
const seed = 20261124;

describe.each(engines)("a partner on %s", (engine) => {
  let twins: TwinWorlds;
  beforeAll(async () => {
    twins = await openTwinWorlds(engine);
  });
  afterAll(() => twins[Symbol.asyncDispose]());

  test("is answered as if the other partner had never existed, whatever he asks with what is the other's", async () => {
    const { treasures, worlds } = twins;
    const known = new Set(Object.values(treasures.ids).flat());
    const before = await twins.holdings();
    let stories = 0;
    const outcomes = new Set<number>();

    await fc.assert(
      fc.asyncProperty(
        fc.uuid({ version: 4 }),
        fc.array(foreignRequest(treasures), { minLength: 4, maxLength: requestsMax }),
        async (tid, requests) => {
          stories += 1;
          const { token, own } = await settleIn(
            twins,
            tid,
            (name) => `${name}${tid.replaceAll("-", "").slice(0, 15)}s${stories}.onmicrosoft.com`,
          );
          for (const request of requests) {
            const [answer, expected] = await Promise.all(
              worlds.map((service, index) => {
                const { method, path, ...sending } = inWorld(request, { ...own[index], root: `${origin}/v1.0` });
                return service.send(method, path, { ...sending, token });
              }),
            );
            if (answer === undefined || expected === undefined) throw new Error("There are two worlds.");
            for (const status of statusesOf(answer)) outcomes.add(status);
            expect(comparable(answer, known)).toEqual(comparable(expected, known));
          }
        },
      ),
      { seed, numRuns: storiesMax, endOnFailure: true },
    );

    expect(await twins.holdings()).toEqual(before);
    // The stories are worth something: much is refused, and much is carried out.
    expect([...outcomes]).toEqual(expect.arrayContaining([200, 201, 204, 400, 404, 409, 412]));
    expect(outcomes.has(500)).toBe(false);
  });

  test("is told of a domain that it is taken, in the same words whoever holds it", async () => {
    const [{ send, post }] = twins.worlds;
    const token = await signToken({ tid: otherPartner });
    const [domain = ""] = twins.treasures.domains.slice(1);
    const own = newDomain();
    await post("/customerCreationOperations", { domain: own }, { token });

    const foreign = await send("POST", "/customerCreationOperations", { token, body: { domain } });
    const mine = await send("POST", "/customerCreationOperations", { token, body: { domain: own } });

    const told = (text = "") => text.replaceAll(domain, own).replaceAll(/"(?:date|[\w-]*request-id)":"[^"]*"/g, "");
    expect(foreign.status).toBe(409);
    expect(told(foreign.text)).toBe(told(mine.text));
  });
});

/** The status of an answer and, when it is a batch, those of its answers. */
function statusesOf({ status, json }: Answer): readonly number[] {
  const inner = Array.isArray(json?.responses) ? json.responses.map((each: { status: number }) => each.status) : [];
  return [status, ...inner];
}
