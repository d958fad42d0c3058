import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { type BodyRow, testBodyRefusals } from "./body-refusals.ts";
import { sendAttempt, stateOf } from "./refusal.ts";
import { minimal, openOperation, openWorld, type World } from "./world.ts";

const long = (length: number) => "x".repeat(length);

/** Values that are not of the kind of their property. */
const wrong: readonly BodyRow[] = [
  ...[7, true, [], {}, ["a"]].map(
    (value): BodyRow => [
      `with ${JSON.stringify(value)} for a text`,
      { billingProfile: { culture: value } },
      [["malformedValue", "billingProfile/culture"]],
      /must be a text/,
    ],
  ),
  ...["true", 1, 0, [], {}].map(
    (value): BodyRow => [
      `with ${JSON.stringify(value)} for a truth value`,
      { enableGDAPByDefault: value },
      [["malformedValue", "enableGDAPByDefault"]],
      /true or false/,
    ],
  ),
  ...["x", 7, [], {}, "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f5", "{0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50}"].map(
    (value): BodyRow => [
      `with ${JSON.stringify(value)} for an identifier`,
      { associatedPartnerId: value },
      [["malformedValue", "associatedPartnerId"]],
      /UUID/,
    ],
  ),
  ...["x", 7, true, []].map(
    (value): BodyRow => [
      `with ${JSON.stringify(value)} for a complex value`,
      { billingProfile: value },
      [["malformedValue", "billingProfile"]],
      /object of the type billingProfile/,
    ],
  ),
  ...["x", 7, true, []].map(
    (value): BodyRow => [
      `with ${JSON.stringify(value)} for a complex value that may be null`,
      { billingProfile: { defaultAddress: value } },
      [["malformedValue", "billingProfile/defaultAddress"]],
    ],
  ),
  ...["x", 7, []].map(
    (value): BodyRow => [
      `with ${JSON.stringify(value)} for metadata`,
      { metadata: value },
      [["malformedValue", "metadata"]],
    ],
  ),
  ...["companyProfile", "billingProfile", "enableGDAPByDefault"].map(
    (name): BodyRow => [`with null for ${name}`, { [name]: null }, [["nullValue", name]], /null is not a valid value/],
  ),
  ["with null for a domain", { companyProfile: { domain: null } }, [["nullValue", "companyProfile/domain"]]],
  ...["", long(129), "a b", "ü", "a/b", "a\n"].map(
    (value): BodyRow => [
      `with the externalId ${JSON.stringify(value.slice(0, 9))}`,
      { externalId: value },
      [["malformedValue", "externalId"]],
    ],
  ),
  ...[
    "",
    "a",
    "a@b",
    "@b.example",
    "a b@c.example",
    "a@b.example,c@d.example",
    `${long(65)}@b.example`,
    `a@${long(64)}.example`,
  ].map(
    (value): BodyRow => [
      `with the e-mail address '${value.slice(0, 30)}'`,
      { billingProfile: { email: value } },
      [["malformedValue", "billingProfile/email"]],
    ],
  ),
  [
    "with a name that is too long",
    { billingProfile: { firstName: long(51) } },
    [["malformedValue", "billingProfile/firstName"]],
    /1 to 50 characters.*51/,
  ],
  [
    "with a company name of one character",
    { companyProfile: { companyName: "x" } },
    [["malformedValue", "companyProfile/companyName"]],
    /2 to 255/,
  ],
  [
    "with a country of three letters",
    { billingProfile: { defaultAddress: { country: "PRT" } } },
    [["malformedValue", "billingProfile/defaultAddress/country"]],
  ],
  [
    "with NUL in a text",
    { billingProfile: { culture: "a\0b" } },
    [["malformedValue", "billingProfile/culture"]],
    /Unicode/,
  ],
  [
    "with half a surrogate pair in a text",
    { billingProfile: { culture: "a\ud83d" } },
    [["malformedValue", "billingProfile/culture"]],
    /Unicode/,
  ],
  [
    "with the other half of one",
    { billingProfile: { culture: "\ude00b" } },
    [["malformedValue", "billingProfile/culture"]],
  ],
  ["with half a surrogate pair in a name", { "\ud83d": 1 }, [["unknownProperty", "\ud83d"]]],
];

describe.each(engines)("the values of a body on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testBodyRefusals(() => world, wrong);

  test.each([
    ["lengths count characters, not their halves", { billingProfile: { firstName: "𐐀".repeat(50) } }],
    [
      "a text may hold any language",
      { billingProfile: { companyName: "株式会社ファブリカム", lastName: "Łukasiewicz" } },
    ],
    ["an e-mail address may hold letters of any language", { billingProfile: { email: "用户@例子.example" } }],
    [
      "null stands for what is not given",
      { externalId: null, metadata: null, billingProfile: { defaultAddress: null } },
    ],
  ])("%s", async (_sentence, body) => {
    const operation = await openOperation(world.service);

    const answer = await world.service.post(`/customerCreationOperations/${operation.id}/customer/$ref`, {
      ...minimal,
      ...body,
    });

    expect(answer.status).toBe(204);
  });

  test("a refusal shows no more than the beginning of a long value", async () => {
    const before = await stateOf(world.service);

    const answer = await sendAttempt(world, {
      method: "POST",
      path: "/customers",
      body: { ...minimal, externalId: long(100_000) },
    });
    const after = await stateOf(world.service);

    expect(answer.status).toBe(400);
    expect(answer.text?.length).toBeLessThan(2000);
    expect(after).toEqual(before);
  });
});
