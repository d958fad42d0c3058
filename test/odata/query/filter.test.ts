import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, eventually, newDomain, type Service, startService } from "../../support/service.ts";

/** Customers by their externalId; what is not named is null. */
const customers = [
  { externalId: "a", companyName: "Álvaro & Filhos", email: "ana@alvaro.example", country: "PT", city: "Lisboa" },
  { externalId: "b", companyName: "contoso", country: "US", city: "Redmond", metadata: { region: "west" } },
  { externalId: "c", companyName: "Contoso Süd", country: "DE" },
  { externalId: "d", companyName: "100% Nötig_GmbH", country: "DE", city: "Köln", enableGDAPByDefault: true },
  { externalId: "e", companyName: "𝒵eta", country: null },
];

describe.each(engines)("$filter on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine, { work: true });
    for (const { externalId, companyName, email, country, city, metadata, enableGDAPByDefault } of customers) {
      const defaultAddress = { country, ...(city === undefined ? {} : { city }) };
      const response = await service.post("/customers", {
        externalId,
        ...(metadata === undefined ? {} : { metadata }),
        ...(enableGDAPByDefault === undefined ? {} : { enableGDAPByDefault }),
        companyProfile: { domain: newDomain() },
        billingProfile: { companyName, ...(email === undefined ? {} : { email }), defaultAddress },
      });
      expect(response.status).toBe(201);
    }
    await eventually(async () => {
      const { json } = await service.get("/customerCreationOperations");
      return json.value.every((each: { status: string }) => each.status === "succeeded") ? true : undefined;
    });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function found(filter: string, path = "/customers"): Promise<string> {
    const { status, json } = await service.get(`${path}?$filter=${encodeURIComponent(filter)}&$orderby=externalId`);
    expect(`${status} ${json.error?.message ?? ""}`).toBe("200 ");
    return json.value.map((each: { externalId: string }) => each.externalId).join("");
  }

  test.each([
    ["equality", "billingProfile/companyName eq 'contoso'", "b"],
    ["inequality", "billingProfile/companyName ne 'contoso'", "acde"],
    ["null is equal to null", "billingProfile/email eq null", "bcde"],
    ["a value is not equal to null", "billingProfile/email ne null", "a"],
    ["inequality holds for null", "billingProfile/defaultAddress/country ne 'DE'", "abe"],
    ["not of an equality holds for null", "not (billingProfile/defaultAddress/country eq 'DE')", "abe"],
    ["comparison with null is false, and not of it true", "not (billingProfile/defaultAddress/country gt 'DE')", "cde"],
    ["a function of null is null, and not of it too", "not contains(billingProfile/email,'ana')", ""],
    ["not without a space", "not(externalId eq 'a')", "bcde"],
    ["and, or and their precedence", "externalId eq 'a' or externalId eq 'b' and externalId eq 'c'", "a"],
    ["in", "externalId in ('a','c','x')", "ac"],
    ["in with null", "billingProfile/defaultAddress/country in ('PT',null)", "ae"],
    ["not in", "not (billingProfile/defaultAddress/country in ('PT','DE'))", "be"],
    ["a property that shows another", "companyProfile/address/city eq 'Redmond'", "b"],
    ["a boolean property by itself", "enableGDAPByDefault", "d"],
    ["a boolean compared", "enableGDAPByDefault eq false", "abce"],
    ["a choice", "lifecycleState eq 'active'", "abcde"],
    ["a choice with its type", "lifecycleState eq microsoft.graph.customerLifecycleState'active'", "abcde"],
    ["the order of a choice is that of its members", "lifecycleState gt 'provisioning'", "abcde"],
    ["has", "lifecycleState has 'active'", "abcde"],
    ["startswith", "startswith(companyProfile/companyName,'Contoso')", "c"],
    ["startswith of percent signs", "startswith(companyProfile/companyName,'100%')", "d"],
    ["startswith of nothing", "startswith(companyProfile/companyName,'')", "abcde"],
    ["endswith", "endswith(companyProfile/companyName,'GmbH')", "d"],
    [
      "endswith of what is longer",
      "endswith(companyProfile/companyName,'a very long text that none is as long as')",
      "",
    ],
    ["contains", "contains(companyProfile/companyName,'_')", "d"],
    ["contains of a property", "contains(companyProfile/domain,externalId)", undefined],
    ["tolower beyond ASCII", "tolower(companyProfile/companyName) eq 'álvaro & filhos'", "a"],
    ["toupper beyond ASCII", "toupper(companyProfile/companyName) eq 'CONTOSO SÜD'", "c"],
    ["length in characters", "length(companyProfile/companyName) eq 4", "e"],
    ["indexof in characters", "indexof(companyProfile/companyName,'eta') eq 1", "e"],
    ["substring", "substring(companyProfile/companyName,1) eq 'ontoso'", "b"],
    ["substring of a length", "substring(companyProfile/companyName,1,2) eq 'on'", "bc"],
    ["substring from the end", "substring(companyProfile/companyName,-3) eq 'Süd'", "c"],
    ["substring of a negative length", "substring(companyProfile/companyName,1,-2) eq ''", "abcde"],
    ["concat", "concat(externalId,'!') eq 'b!'", "b"],
    ["trim", "trim('  x ') eq 'x' and externalId eq 'a'", "a"],
    ["arithmetic", "length(externalId) add 1 eq 2", "abcde"],
    ["the quotient of whole numbers is whole", "length(companyProfile/companyName) div 3 eq 1", "e"],
    ["divby gives fractions", "length(companyProfile/companyName) divby 8 eq 0.5", "e"],
    ["mod", "length(companyProfile/companyName) mod 4 eq 3", undefined],
    ["division by zero is null", "1 div (length(externalId) sub 1) eq 1", ""],
    ["huge numbers", "length(externalId) mul 1e300 mul 1e300 gt 1", undefined],
    ["round half away from zero", "round(2.5) eq 3 and round(-2.5) eq -3", "abcde"],
    ["floor and ceiling", "floor(2.5) eq 2 and ceiling(2.5) eq 3", "abcde"],
    ["an instant", "createdDateTime gt 2020-01-01T00:00:00Z", "abcde"],
    ["an instant as text", "createdDateTime lt '2020-01-01T00:00:00+02:00'", ""],
    ["now and durations", "createdDateTime gt now() sub duration'P1D'", "abcde"],
    ["an instant moved", "createdDateTime add duration'PT1H' gt now()", "abcde"],
    ["the time between", "now() sub createdDateTime lt duration'PT1H'", "abcde"],
    [
      "parts of an instant",
      "year(createdDateTime) ge 2026 and month(createdDateTime) le 12 and hour(createdDateTime) lt 24",
      "abcde",
    ],
    ["a date", "date(createdDateTime) ge 2026-01-01", "abcde"],
    ["a time of day", "time(createdDateTime) ge 00:00:00", "abcde"],
    ["any over texts", "customDomains/any(d:endswith(d,'.onmicrosoft.com'))", "abcde"],
    ["all over texts", "customDomains/all(d:startswith(d,'x'))", ""],
    ["any without a condition", "customDomains/any()", "abcde"],
    ["the count of texts", "customDomains/$count eq 1", "abcde"],
    ["a value of the dictionary", "metadata/region eq 'west'", "b"],
    ["case", "case(enableGDAPByDefault:'x',true:'y') eq 'x'", "d"],
    ["$it", "$it/externalId eq 'c'", "c"],
    ["a type cast to itself", "microsoft.graph.customer/externalId eq 'c'", "c"],
    ["null alone", "null", ""],
    ["a quote in a text", "companyProfile/companyName eq 'it''s'", ""],
  ])("%s", async (_name, filter, expected) => {
    if (expected === undefined) {
      const { status } = await service.get(`/customers?$filter=${encodeURIComponent(filter)}`);
      expect([200, 400]).toContain(status);
      return;
    }
    expect(await found(filter)).toBe(expected);
  });

  test.each([
    ["any over a navigation", "customer/any(c:c/externalId eq 'b')", 1],
    ["all over a navigation", "customer/all(c:c/externalId eq 'b')", 1],
    ["any within any", "customer/any(c:c/customDomains/any(d:d eq c/companyProfile/domain))", 5],
    ["the outer entity within any", "customer/any(c:c/companyProfile/domain eq domain)", 5],
    ["the count of a navigation", "customer/$count eq 1", 5],
    ["the count of a filtered navigation", "customer/$count($filter=externalId eq 'a') eq 1", 1],
    ["items of a collection of complex values", "history/any(h:h/stage eq 'publishing')", 5],
    ["a number inside JSON", "history/$count gt 6 and percentComplete eq 100", 5],
    ["a value inside JSON that is null", "error/innerError/code eq null", 5],
  ])("operations: %s", async (_name, filter, expected) => {
    const { status, json } = await service.get(
      `/customerCreationOperations?$count=true&$filter=${encodeURIComponent(filter)}`,
    );

    expect(`${status} ${json.error?.message ?? ""}`).toBe("200 ");
    expect(json["@odata.count"]).toBe(expected);
    expect(json.value).toHaveLength(expected);
  });

  test.each([
    ["an unknown property", "billingProfile/companyNam eq 'x'", 400, "did you mean 'companyName'"],
    ["a hidden property", "partnerId eq 'x'", 400, "not a property"],
    ["a text compared with a number", "externalId eq 1", 400, "cannot be compared"],
    ["a condition that is no condition", "externalId", 400, "true or false"],
    ["an unknown member", "lifecycleState eq 'sleeping'", 400, "Its members are"],
    ["a grammatical fault", "externalId eq ", 400, "character"],
    ["an instant that is none", "createdDateTime gt '2026-13-01T00:00:00Z'", 400, "not an instant"],
    ["a function that is not supported", "matchesPattern(externalId,'^a')", 501, "not supported"],
    ["geography", "geo.length(externalId) gt 1", 501, "not supported"],
  ])("%s is refused", async (_name, filter, status, message) => {
    const response = await service.get(`/customers?$filter=${encodeURIComponent(filter)}`);

    expect(response.status).toBe(status);
    expect(response.json.error.message.toLowerCase()).toContain(message.toLowerCase());
    expect(response.json.error.target).toBe("$filter");
  });
});
