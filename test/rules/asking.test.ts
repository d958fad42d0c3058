import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Case, stateOf, testRefusals } from "../server/refusal.ts";
import { openWorld, type World } from "../server/world.ts";
import { engines, type Json, newDomain, signToken } from "../support/service.ts";
import { fabrikam } from "./customers.ts";

const check = (domain: string) => `/customerCreationOperations/checkDomainAvailability(domain='${domain}')`;
const context = (name: string) => `http://127.0.0.1:8080/v1.0/$metadata#microsoft.graph.${name}`;

describe.each(engines)("asking first on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test("a domain that is free is available, and asking does not reserve it", async () => {
    const domain = newDomain();
    const before = await stateOf(world.service);

    const answer = await world.service.get(check(domain.toUpperCase()));

    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      "@odata.context": context("domainAvailability"),
      domain,
      availability: "available",
      code: null,
      message: null,
      alternatives: [],
    });
    expect(await stateOf(world.service)).toEqual(before);
  });

  test.each([
    ["openDomain", "reserved", "domainReserved"],
    ["otherOpenDomain", "reserved", "domainReserved"],
    ["activeDomain", "inUse", "domainAlreadyInUse"],
    ["otherDomain", "inUse", "domainAlreadyInUse"],
  ])("%s is %s, and three others are free", async (name, availability, code) => {
    const domain = world.names[name] ?? "";

    const { json } = await world.service.get(check(domain));
    const others = await Promise.all(json.alternatives.map((each: string) => world.service.get(check(each))));

    expect(json).toMatchObject({ domain, availability, code });
    expect(others.map((each) => each.json.availability)).toEqual(["available", "available", "available"]);
    expect(new Set(json.alternatives).size).toBe(3);
  });

  test("the answer is the same whichever partner holds the domain", async () => {
    const own = await world.service.get(check(world.names["activeDomain"] ?? ""));
    const others = await world.service.get(check(world.names["otherDomain"] ?? ""));

    const without = ({ json }: { json: Json }) => JSON.stringify(json).replaceAll(/t[0-9a-f]{20}\w*/g, "x");
    expect(without(own)).toBe(without(others));
  });

  test.each([
    ["con-toso.onmicrosoft.com", "invalidDomainFormat"],
    [`${"x".repeat(28)}.onmicrosoft.com`, "invalidDomainFormat"],
    ["contoso.example", "domainSuffixNotAllowed"],
    ["", "domainSuffixNotAllowed"],
  ])("'%s' is invalid, and three others are free", async (domain, code) => {
    const { status, json } = await world.service.get(check(domain));

    expect(status).toBe(200);
    expect(json).toMatchObject({ availability: "invalid", code });
    expect(json.alternatives).toHaveLength(3);
    for (const each of json.alternatives) expect(each).toMatch(/^[a-z0-9]{1,27}\.onmicrosoft\.com$/);
  });

  test("a refusal for a reserved domain says when the reservation ends, one for a domain in use does not", async () => {
    const { openDomain, activeDomain } = world.names;

    const reserved = await world.service.post("/customerCreationOperations", { domain: openDomain });
    const inUse = await world.service.post("/customerCreationOperations", { domain: activeDomain });

    expect([reserved.status, inUse.status]).toEqual([409, 409]);
    expect(Number(reserved.headers["Retry-After"])).toBeGreaterThan(23 * 3600);
    expect(Number(reserved.headers["Retry-After"])).toBeLessThanOrEqual(24 * 3600);
    expect(inUse.headers["Retry-After"]).toBeUndefined();
  });

  test("a reservation that has ended leaves its domain available", async () => {
    const { json } = await world.service.post("/customerCreationOperations", { domain: newDomain() });

    world.service.advance(25 * 3600);
    const answer = await world.service.get(check(json.domain));
    world.service.advance(-25 * 3600);

    expect(answer.json.availability).toBe("available");
  });

  test.each([
    "/customers/countryRules(country='PT')",
    "/customers/microsoft.graph.countryRules(country='PT')",
    "/customers/graph.countryRules(country='PT')",
    "/customers/countryRules(country=@c)?@c='PT'",
    "/customers/graph.countryRules( country = @it )?@it=%27pt%27",
    "/customers/countryrules(Country='PT')",
    "/customers/countryRules(country=%27PT%27)/",
    "/customers/countryRules?country='PT'",
    "/customers/countryRules()?@country='PT'",
  ])("%s asks for the rules of Portugal", async (path) => {
    const answer = await world.service.get(path);

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      "@odata.context": context("countryValidationRules"),
      country: "PT",
      name: "Portugal",
      postalCodeExample: "1100-053",
    });
  });

  const told = (target: string, message: RegExp) => ({ status: 400, code: "invalidRequest", target, message });
  testRefusals(
    () => world,
    (
      [
        ["no argument", "countryRules", told("country", /needs 'country'/)],
        ["an empty list of arguments", "countryRules()", told("country", /needs 'country'/)],
        ["an argument without quotes", "countryRules(country=PT)", told("countryRules", /list of arguments/)],
        ["an argument that is no text", "countryRules(country=@c)?@c=7", told("country", /single quotes/)],
        [
          "an alias without a value",
          "countryRules(country=@c)",
          { status: 400, code: "invalidQueryOption", target: "@c", message: /gives it no value/ },
        ],
        ["another parameter", "countryRules(nation='PT')", told("nation", /no such parameter/)],
        ["a parameter twice", "countryRules(country='PT',country='ES')", told("country", /takes it once/)],
        [
          "an alias for a country",
          "countryRules(country='UK')",
          { status: 400, code: "invalidAddress", target: "country", message: /'GB'/ },
        ],
        ["a query option", "countryRules(country='PT')?$top=1", { status: 501, code: "notSupported", target: "$top" }],
        ["more of a path", "countryRules(country='PT')/name", { status: 404, code: "itemNotFound" }],
        ["arguments of an action", "validate(country='PT')", told("validate", /in the body/)],
        ["the method GET of an action", "validate", { status: 405, code: "notAllowed" }],
      ] as const
    ).map(
      ([what, path, refusal]): Case => [`${what} is refused`, { method: "GET", path: `/customers/${path}` }, refusal],
    ),
  );

  test("a token that may only read operations may ask, one that may do nothing may not", async () => {
    const reader = await signToken({ roles: ["CustomerCreationOperation.Read.All"] });
    const nobody = await signToken({ roles: [] });
    const path = "/customers/countryRules(country='PT')";

    const [rules, domain, refused, rehearsed] = await Promise.all([
      world.service.get(path, { token: reader }),
      world.service.get(check("contoso.onmicrosoft.com"), { token: reader }),
      world.service.get(path, { token: nobody }),
      world.service.post("/customers/validate", fabrikam, { token: reader }),
    ]);

    expect([rules.status, domain.status, refused.status, rehearsed.status]).toEqual([200, 200, 403, 403]);
  });

  test("a customer that is right is valid, and nothing of it is stored or reserved", async () => {
    const domain = newDomain();
    const before = await stateOf(world.service);
    const billingProfile = { ...fabrikam.billingProfile, culture: "PT-pt" };
    const body = { externalId: "crm-9", companyProfile: { domain: domain.toUpperCase() }, billingProfile };

    const answer = await world.service.post("/customers/graph.validate", body);

    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      "@odata.context": context("customerValidation"),
      isValid: true,
      errors: [],
      warnings: [],
      customer: { ...body, companyProfile: { domain }, billingProfile: { ...billingProfile, culture: "pt-PT" } },
    });
    expect(await stateOf(world.service)).toEqual(before);
    expect((await world.service.post("/customers", answer.json.customer)).status).toBe(201);
  });

  test("everything that is wrong is told at once, whether the model, the rules or the store know it", async () => {
    const before = await stateOf(world.service);

    const { status, json } = await world.service.post("/customers/validate", {
      externalId: "crm-1",
      companyProfile: { domain: world.names["otherOpenDomain"], colour: "red" },
      billingProfile: { email: 7, companyName: "contoso.com", defaultAddress: { country: "UK", state: "Nowhere" } },
    });

    const codes = (findings: readonly Json[]) => findings.map(({ code, target }) => [code, target]);
    expect(status).toBe(200);
    expect(json.isValid).toBe(false);
    expect(codes(json.errors)).toEqual([
      ["unknownProperty", "companyProfile/colour"],
      ["malformedValue", "billingProfile/email"],
      ["invalidAddress", "billingProfile/defaultAddress/country"],
      ["domainReserved", "companyProfile/domain"],
      ["nameAlreadyExists", "externalId"],
    ]);
    expect(json.errors[2]).toMatchObject({ value: "UK", suggestion: "GB", pattern: null, allowed: [] });
    expect(codes(json.warnings)).toContainEqual(["companyNameNotRecommended", "billingProfile/companyName"]);
    expect(codes(json.warnings)).toContainEqual(["requiredFieldMissing", "billingProfile/culture"]);
    expect(codes(json.warnings)).not.toContainEqual(["requiredFieldMissing", "billingProfile/email"]);
    expect(await stateOf(world.service)).toEqual(before);
  });

  test("a rehearsal under a key is carried out each time, and leaves no record", async () => {
    const before = await stateOf(world.service);
    const body = { ...fabrikam, companyProfile: { domain: newDomain() } };
    const headers = { "idempotency-key": newDomain() };

    const first = await world.service.post("/customers/validate", body, { headers });
    const again = await world.service.post("/customers/validate", body, { headers });

    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.json).toEqual(first.json);
    expect(await world.service.rows(`select * from "repeatability"`)).toEqual([]);
    expect(await stateOf(world.service)).toEqual(before);
  });

  test("questions can be part of a batch", async () => {
    const answer = await world.service.post("/$batch", {
      requests: [
        { id: "1", method: "GET", url: "/customers/countryRules(country=@c)?@c='PT'" },
        { id: "2", method: "GET", url: "/customers/countryRules(country='UK')" },
      ],
    });

    const responses: readonly Json[] = answer.json.responses;
    expect(responses.map(({ id, status }) => [id, status]).sort()).toEqual([
      ["1", 200],
      ["2", 400],
    ]);
  });

  test("a domain is needed, and the externalId of another partner's customer is free", async () => {
    const { json } = await world.service.post("/customers/validate", { ...fabrikam, externalId: "other-1" });

    expect(json.errors.map(({ code, target }: Json) => [code, target])).toEqual([
      ["requiredFieldMissing", "companyProfile/domain"],
    ]);
  });

  test("a state that nobody lists is a warning where the list is open", async () => {
    const { defaultAddress, ...billing } = fabrikam.billingProfile;
    const billingProfile = { ...billing, defaultAddress: { ...defaultAddress, state: "Nowhere" } };

    const { json } = await world.service.post("/customers/validate", {
      companyProfile: { domain: newDomain() },
      billingProfile,
    });

    expect([json.isValid, json.warnings.length]).toEqual([true, 1]);
    expect(json.warnings[0]).toMatchObject({ code: "stateUnknown", target: "billingProfile/defaultAddress/state" });
  });
});
