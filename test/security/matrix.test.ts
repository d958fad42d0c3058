import type { JWTPayload } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Offer } from "../../src/onboarding/offer.ts";
import { describeOffers, offers } from "../../src/onboarding/offers.ts";
import { permissions } from "../../src/onboarding/permissions.ts";
import { expectRefusal, type Refusal, stateOf } from "../server/refusal.ts";
import { openWorld, type World } from "../server/world.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { type Answer, engines, issuer, signToken } from "../support/service.ts";
import { type Ids, idsOf, isIdle, isKeyed, requestOf, rootOf } from "./offer-request.ts";
import { watch } from "./watch.ts";

const now = Math.floor(Date.now() / 1000);
const nothing: Ids = {
  customers: "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50",
  customerCreationOperations: "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f51",
  auditEvents: "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f52",
  subscriptions: "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f53",
  notificationDeliveries: "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f54",
};

/** Whoever is refused before it is asked what he may, each with what the refusal says. */
const strangers: readonly (readonly [who: string, claims: JWTPayload | null, message: RegExp])[] = [
  ["nobody", null, /^Access token is empty\.$/],
  ["an expired token", { exp: now - 60 }, /^Lifetime validation failed, the token is expired\.$/],
  ["a token for another audience", { aud: "urn:another" }, /^Access token validation failure\. Invalid audience\.$/],
  ["a token of another issuer", { iss: `${issuer}other` }, /^Access token validation failure\. Invalid issuer\.$/],
];

const rows = offers.map((offer) => ({ offer, method: offer.method, path: offer.path }));

test("an offer without a permission is no offer", () => {
  const { permission: _, ...without } = { ...offers[0] } as const;
  // @ts-expect-error an offer says which permission suffices.
  const refused: Offer = without;

  expect("permission" in refused).toBe(false);
  expect(offers.filter(({ permission }) => !permissions.includes(permission))).toEqual([]);
});

test("the documents name for each offer the permissions of decision D8, the least privileged first", () => {
  const described = describeOffers().map(({ method, path, permissions }) => [method, path, permissions]);
  const decided = describeOffers().map(({ method, path, permission }) => [method, path, sufficient(permission)]);

  expect(described).toEqual(decided);
});

describe.each(engines)("every offer on %s", (engine) => {
  let world: World;
  let own: Ids;
  let receiver: Receiver;
  beforeAll(async () => {
    [world, receiver] = await Promise.all([openWorld(engine), startReceiver()]);
    own = { ...(await idsOf(world)), ...(await watch(world.service, receiver)) };
  });
  afterAll(async () => {
    await world.service[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  async function send(offer: Offer, ids: Ids, claims: JWTPayload | null): Promise<Answer> {
    const { method, path, body, headers } = requestOf(offer, ids);
    const token = claims === null ? null : await signToken(claims);
    return world.service.send(method, path, { token, headers, ...(body === undefined ? {} : { body }) });
  }

  /** Sends it, and asserts that it is refused and has changed nothing. */
  async function expectRefused(offer: Offer, ids: Ids, claims: JWTPayload | null, refusal: Refusal): Promise<void> {
    const before = await stateOf(world.service);

    const answer = await send(offer, ids, claims);

    expectRefusal(answer, refusal);
    expect(await stateOf(world.service)).toEqual(before);
  }

  describe.each(rows)("$method $path", ({ offer }) => {
    const { permission } = offer;
    const others = permissions.filter((each) => !sufficient(permission).includes(each));
    const reading = permissions.filter((each) => each.endsWith(".Read.All"));

    test.each(strangers)("answers 401 to %s", (_who, claims, message) =>
      expectRefused(offer, own, claims, {
        status: 401,
        code: "unauthenticated",
        message,
        headers: { "WWW-Authenticate": /^Bearer realm=""/ },
      }),
    );

    test.each(["no permission", ...others])("answers 403 to %s, and names what is missing", (each) =>
      expectRefused(offer, own, { roles: [each] }, missing(permission)),
    );

    test("is carried out for whoever only reads if that is enough, and refused with 403 if not", async () => {
      if (!permission.endsWith(".Read.All")) {
        await expectRefused(offer, own, { roles: reading }, missing(permission));
        return;
      }
      // What is changed here is not what the other tests ask for.
      const ids = offer.method === "GET" ? own : { ...own, ...(await watch(world.service, receiver)) };

      const answer = await send(offer, ids, { roles: reading });

      expect([answer.status, answer.json?.error?.message]).toEqual([expect.toBeOneOf([200, 201, 202, 204]), undefined]);
    });

    test.each(sufficient(permission))("lets %s pass to what there is", async (each) => {
      const answer = await send(offer, { ...nothing, notificationUrl: receiver.url }, { roles: [each] });

      expect([answer.status, answer.json?.error?.message]).toEqual(outcomeOf(offer, nothing));
    });

    test("tells another partner that there is nothing", async () => {
      const answer = await send(offer, own, { tid: "33333333-3333-4333-8333-333333333333", roles: permissions });

      expect([answer.status, answer.json?.error?.message]).toEqual(outcomeOf(offer, own));
    });
  });
});

/** Decision D8: ReadWrite includes Read, and `Customer.*` includes operations. The least privileged comes first. */
function sufficient(wanted: string): readonly string[] {
  const [subject, verb] = wanted.split(".");
  const enough = permissions.filter((each) => {
    const [ownSubject, ownVerb] = each.split(".");
    const covers = ownSubject === subject || (ownSubject === "Customer" && subject === "CustomerCreationOperation");
    return covers && (ownVerb === verb || ownVerb === "ReadWrite");
  });
  return [wanted, ...enough.filter((each) => each !== wanted)];
}

function missing(permission: string): Refusal {
  return {
    status: 403,
    code: "accessDenied",
    message: ` It needs the permission ${sufficient(permission).join(" or ")}.`,
  };
}

/** What is answered to a partner who may, but whose the entity in the path is not. */
function outcomeOf(offer: Offer, ids: Ids): readonly [status: number, message: unknown] {
  if (isIdle(offer)) return [400, expect.stringMatching(/cannot be changed|is not a nullable property/)];
  if (!isKeyed(offer)) return [offer.answers.result === "created" ? 201 : 200, undefined];
  const { name, set } = rootOf(offer);
  return [404, `There is no ${name} with the id '${ids[set]}'.`];
}
