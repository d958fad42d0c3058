import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, newDomain } from "../support/service.ts";
import { type Attempt, type Case, expectRefusal, sendAttempt, testRefusals } from "./refusal.ts";
import { finishWork, minimal, openOperation, openWorld, type World } from "./world.ts";

const suffix = ".onmicrosoft.com";

const malformed: readonly string[] = [
  suffix,
  `${"x".repeat(28)}${suffix}`,
  `con-toso${suffix}`,
  `con_toso${suffix}`,
  `con.toso${suffix}`,
  `con toso${suffix}`,
  `con\ttoso${suffix}`,
  `contoso.${suffix}`,
  `contosö${suffix}`,
  `соntoso${suffix}`,
  `xn--contoso${suffix}`,
  `contoso\u200b${suffix}`,
  `contoso\u212a${suffix}`,
  `ｃontoso${suffix}`,
  `contoso@${suffix}`,
  `https://contoso${suffix}`,
  `'contoso'${suffix}`,
  `%63ontoso${suffix}`,
];

const wrongSuffix: readonly string[] = [
  "contoso",
  "contoso.com",
  "contoso.example",
  "contosoonmicrosoft.com",
  "contoso.onmicrosoft.com.",
  "contoso.onmicrosoft.com.example",
  "contoso.onmicrosoft.co",
  "contoso.onmicrosoft.com/x",
  "contoso.onmicrosoft.com:443",
  "contoso.onmicrosoft.de",
  "onmicrosoft.com",
  "contoso。onmicrosoft。com",
];

const notTexts: readonly (readonly [unknown, code: string])[] = [
  [undefined, "requiredFieldMissing"],
  [null, "nullValue"],
  ["", "malformedValue"],
  [7, "malformedValue"],
  [true, "malformedValue"],
  [[`contoso${suffix}`], "malformedValue"],
  [{}, "malformedValue"],
  ["x".repeat(254), "malformedValue"],
  [`con\0toso${suffix}`, "malformedValue"],
  [`contoso\ud83d${suffix}`, "malformedValue"],
];

/** Where a domain is given: the request that carries it, and the path of its property. */
const places: readonly (readonly [where: string, attempt: (domain: unknown) => Attempt, target: string])[] = [
  [
    "a new operation",
    (domain) => ({ method: "POST", path: "/customerCreationOperations", body: { domain } }),
    "domain",
  ],
  [
    "an operation that moves",
    (domain) => ({ method: "PATCH", path: "/customerCreationOperations/{open}", body: { domain } }),
    "domain",
  ],
  [
    "a new customer",
    (domain) => ({ method: "POST", path: "/customers", body: { ...minimal, companyProfile: { domain } } }),
    "companyProfile/domain",
  ],
  [
    "the customer of an operation",
    (domain) => ({
      method: "POST",
      path: "/customerCreationOperations/{open}/customer/$ref",
      body: { ...minimal, companyProfile: { domain } },
    }),
    "companyProfile/domain",
  ],
];

const isNeeded = (where: string) => where === "a new operation" || where === "a new customer";

describe.each(engines)("domains on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  describe.each(places)("of %s", (where, attempt, target) => {
    testRefusals(
      () => world,
      malformed.map(
        (domain): Case => [
          `${JSON.stringify(domain)}, which is malformed, is answered 400`,
          attempt(domain),
          { status: 400, code: "invalidDomainFormat", target, message: /1 to 27 characters/ },
        ],
      ),
    );
    testRefusals(
      () => world,
      wrongSuffix.map(
        (domain): Case => [
          `${JSON.stringify(domain)}, which has another suffix, is answered 400`,
          attempt(domain),
          { status: 400, code: "domainSuffixNotAllowed", target, message: "onmicrosoft.com" },
        ],
      ),
    );
    testRefusals(
      () => world,
      notTexts
        .filter(([domain]) => domain !== undefined || isNeeded(where))
        .map(
          ([domain, code]): Case => [
            `${String(JSON.stringify(domain)).slice(0, 20)} in its place is answered 400`,
            attempt(domain),
            { status: 400, code, target },
          ],
        ),
    );
  });

  describe.each(places.filter(([where]) => where !== "the customer of an operation"))(
    "of %s",
    (_where, attempt, target) => {
      testRefusals(
        () => world,
        [
          ["reserved by another partner", "{otherOpenDomain}", "domainReserved"],
          ["in use by the partner", "{activeDomain}", "domainAlreadyInUse"],
          ["in use by another partner", "{otherDomain}", "domainAlreadyInUse"],
        ].map(
          ([sentence = "", domain = "", code = ""]): Case => [
            `one that is ${sentence} is answered 409`,
            attempt(domain),
            { status: 409, code, target },
          ],
        ),
      );

      test("one that the partner has reserved itself is answered 409, in any case of its letters", async () => {
        const { domain } = await openOperation(world.service);

        const answer = await sendAttempt(world, attempt(domain.toUpperCase()));

        expectRefusal(answer, { status: 409, code: "domainReserved", target });
      });
    },
  );

  test.each([
    ["of one character", () => `${newDomain().slice(1, 2)}${suffix}`],
    ["of 27 characters", () => `${newDomain().slice(0, 21)}abcdef${suffix}`],
    ["of digits", () => `${Date.now()}${suffix}`],
    ["in upper case", () => newDomain().toUpperCase()],
    ["with spaces around it", () => ` \t${newDomain()}\n `],
  ])("one %s is accepted, and kept in lower case without the spaces", async (_how, make) => {
    const domain = make();

    const answer = await world.service.post("/customerCreationOperations", { domain });

    expect(answer.status).toBe(201);
    expect(answer.json.domain).toBe(domain.trim().toLowerCase());
  });

  testRefusals(
    () => world,
    [
      [
        "a customer with another domain than that of its operation is answered 400",
        {
          method: "POST",
          path: "/customerCreationOperations/{open}/customer/$ref",
          body: { ...minimal, companyProfile: { domain: "{free}" } },
        },
        { status: 400, code: "domainMismatch", target: "companyProfile/domain", message: "or be left out" },
      ],
      [
        "another domain than that of its operation is listed together with the other faults of a customer",
        {
          method: "POST",
          path: "/customerCreationOperations/{open}/customer/$ref",
          body: {
            companyProfile: { domain: "{free}", colour: "red" },
            billingProfile: { defaultAddress: { country: "UK" } },
          },
        },
        {
          status: 400,
          code: "unknownProperty",
          details: [
            ["unknownProperty", "companyProfile/colour"],
            ["invalidAddress", "billingProfile/defaultAddress/country"],
            ["domainMismatch", "companyProfile/domain"],
          ],
        },
      ],
      [
        "a customer with a domain of the partner that is in use is answered 400 too",
        {
          method: "POST",
          path: "/customerCreationOperations/{open}/customer/$ref",
          body: { ...minimal, companyProfile: { domain: "{activeDomain}" } },
        },
        { status: 400, code: "domainMismatch" },
      ],
    ],
  );

  test("a customer may give the domain of its operation, in any case of its letters", async () => {
    const { id, domain } = await openOperation(world.service);

    const answer = await world.service.post(
      `/customerCreationOperations/${id}/customer/$ref`,
      { ...minimal, companyProfile: { domain: domain.toUpperCase() } },
      { headers: { prefer: "return=representation" } },
    );

    expect(answer.status).toBe(201);
    expect(answer.json.companyProfile.domain).toBe(domain);
  });

  test("a malformed domain is listed together with the other faults", async () => {
    const answer = await world.service.post("/customerCreationOperations", { domain: "con-toso", nonsense: 1 });

    const targets = answer.json.error.details.map(({ target }: { target: string }) => target);
    expect(answer.status).toBe(400);
    expect(targets.sort()).toEqual(["domain", "nonsense"]);
  });

  test("a reservation that has ended can be had by another", async () => {
    const { domain } = await openOperation(world.service, world.otherToken);

    const before = await world.service.post("/customerCreationOperations", { domain });
    world.service.advance(25 * 3600);
    const after = await world.service.post("/customerCreationOperations", { domain });
    world.service.advance(-25 * 3600);

    expect([before.status, after.status]).toEqual([409, 201]);
  });

  test("the domain of a canceled operation can be had by another", async () => {
    const { id, domain } = await openOperation(world.service, world.otherToken);
    const body = { status: "canceled" };
    await world.service.patch(`/customerCreationOperations/${id}`, body, { token: world.otherToken });

    const answer = await world.service.post("/customerCreationOperations", { domain });

    expect(answer.status).toBe(201);
  });

  test("the domain of an active customer stays in use, however long it is", async () => {
    const { id, domain } = await openOperation(world.service);
    await world.service.post(`/customerCreationOperations/${id}/customer/$ref`, minimal);
    await finishWork(world.service);

    world.service.advance(365 * 86_400);
    const answer = await world.service.post("/customerCreationOperations", { domain });
    world.service.advance(-365 * 86_400);

    expectRefusal(answer, { status: 409, code: "domainAlreadyInUse", target: "domain" });
  });
});
