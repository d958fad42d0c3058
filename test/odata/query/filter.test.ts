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

const address = `{"country":"PT","city":"Lisboa"}`;

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
    const { status, json } = await service.get(
      `${path}?$filter=${encodeURIComponent(filter)}&$orderby=externalId&@address=${encodeURIComponent(address)}`,
    );
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
    ["a name in another casing of an operator", "externalId EQ 'a' OR Length(externalId) GT 1", "a"],
    ["a text that stands for a number", "length(externalId) eq '1'", "abcde"],
    ["a text that stands for a truth", "enableGDAPByDefault eq 'true'", "d"],
    ["a text that stands for a duration", "now() sub createdDateTime lt 'PT1H'", "abcde"],
    ["two constants of one type", "'1' eq 1 and externalId eq 'a'", "a"],
    ["in with an array", "externalId in ['a','c']", "ac"],
    ["in with a collection", "'x' in customDomains", ""],
    ["a property in a collection", "companyProfile/domain in customDomains", "abcde"],
    ["a subset", "hassubset(['a','b','c'],['c','a']) and hassubset(customDomains,[])", "abcde"],
    ["no subset, for one is missing twice", "hassubset(['a'],['a','a'])", ""],
    ["a subsequence", "hassubsequence(['a','b','c'],['a','c'])", "abcde"],
    ["no subsequence, for the order is another", "hassubsequence(['a','b','c'],['c','a'])", ""],
    ["a complex value that is null", "billingProfile/defaultAddress eq null", "e"],
    ["a complex value that is not null", "null ne billingProfile/defaultAddress", "abcd"],
    ["a complex value that was sent", `billingProfile/defaultAddress eq {"country":"DE","city":"Köln"}`, "d"],
    ["a complex value as an alias", "billingProfile/defaultAddress eq @address", "a"],
    ["two complex values", "companyProfile/address eq billingProfile/defaultAddress", "abcde"],
    ["cast of a text", "cast('2020-01-01T00:00:00Z',Edm.DateTimeOffset) lt createdDateTime", "abcde"],
    ["cast of a member to its text", "startswith(cast(lifecycleState,Edm.String),'act')", "abcde"],
    ["isof of a value", "isof(billingProfile/email,Edm.String)", "a"],
    ["isof of another type", "isof(billingProfile/email,Edm.Int32)", ""],
    ["isof of the entity", "isof(microsoft.graph.customer)", "abcde"],
    ["$it within a lambda", "customDomains/any(d:d eq $it/companyProfile/domain)", "abcde"],
    ["$this within a count", "customDomains/$count($filter=endswith($this,'.onmicrosoft.com')) eq 1", "abcde"],
    ["$it within a count", "customDomains/$count($filter=$this eq $it/companyProfile/domain) eq 1", "abcde"],
    ["a date moved", "date(createdDateTime) add duration'P1D' gt date(createdDateTime)", "abcde"],
    ["the days between", "2024-03-01 sub 2024-02-28 eq duration'P2D' and externalId eq 'a'", "a"],
    ["a fraction finer than an instant's", "fractionalseconds(2024-01-01T00:00:00.1234567Z) eq 0.1234567", "abcde"],
    ["a division by a decimal", "5 div 2.0 eq 2.5 and 5 div 2 eq 2", "abcde"],
    ["what no number can hold is null", "1e300 mul 1e300 eq null and 1 div 0 eq null", "abcde"],
    ["a hundred terms and more", Array(400).fill("externalId eq 'a'").join(" or "), "a"],
    ["a long sum", `${Array(100).fill("1").join(" add ")} eq 100`, "abcde"],
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
    ["the count of a searched navigation", "customer/$count($search=contoso) eq 1", 2],
    [
      "the count of a navigation both filtered and searched",
      "customer/$count($search=contoso;$filter=externalId eq 'b') eq 1",
      1,
    ],
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
    ["an order of complex values", "billingProfile gt null", 400, "no order"],
    ["complex values of two types", "billingProfile eq companyProfile", 400, "cannot be compared"],
    ["an unknown property of a value that was sent", `billingProfile eq {"x":1}`, 400, "not a property"],
    ["a collection that is compared", "customDomains eq ['a']", 501, "not supported"],
    ["two values that were sent", `{"a":1} eq {"a":1}`, 501, "not supported"],
    ["constants that cannot be compared", "1 eq true", 400, "cannot be compared"],
    ["$root", "$root/customers('x')/externalId eq 'a'", 501, "not supported"],
    ["a cast that depends on the value", "cast(externalId,Edm.Int32) eq 1", 501, "not supported"],
    ["a type that is none", "isof(microsoft.graph.house)", 400, "not a type of this service"],
    ["a day that is none", "date(createdDateTime) eq 2026-02-30", 400, "calendar"],
    ["an instant on a day that is none", "createdDateTime gt 2026-02-30T00:00:00Z", 400, "calendar"],
    ["a year before the first", "createdDateTime gt -0001-01-01T00:00:00Z", 501, "not supported"],
    ["a sum that is too deep", `${Array(400).fill("1").join(" add ")} eq 1`, 400, "deep"],
    ["a negation of a text", "-externalId eq 1", 400, "must be a number"],
    ["'in' with a single value", "externalId in companyProfile/domain", 400, "a list of values"],
    ["a sum of instants", "createdDateTime add createdDateTime eq null", 400, "cannot be done"],
    ["geography", "geo.length(externalId) gt 1", 501, "not supported"],
  ])("%s is refused", async (_name, filter, status, message) => {
    const response = await service.get(`/customers?$filter=${encodeURIComponent(filter)}`);

    expect(response.status).toBe(status);
    expect(response.json.error.message.toLowerCase()).toContain(message.toLowerCase());
    expect(response.json.error.target).toBe("$filter");
  });

  test.each([
    ["an alias that comes to itself", "$filter=externalId eq @a&@a=@b&@b=@a", "depends on itself"],
    [
      "aliases that double one another without end",
      `$filter=1 eq @a0&@a40=1&${Array.from({ length: 40 }, (_, index) => `@a${index}=@a${index + 1} add @a${index + 1}`).join("&")}`,
      "more than",
    ],
    ["2,000 levels of parentheses", `$filter=${"(".repeat(2000)}true${")".repeat(2000)}`, "nested"],
    ["thousands of terms", `$filter=${Array(2500).fill("a").join("+or+")}`, "operands"],
    ["more keys of an order than there may be", `$orderby=${Array(17).fill("externalId").join(",")}`, "At most 16"],
    ["a search of very many words", `$search=${Array(400).fill("a").join(" ")}`, "more than"],
  ])("%s is refused at once", async (_name, query, message) => {
    const milliseconds: number[] = [];
    // Another process may have the processor for a while: once in three is enough.
    for (let attempt = 0; attempt < 3; attempt++) {
      const start = performance.now();
      const response = await service.get(`/customers?${encodeURI(query)}`);
      milliseconds.push(performance.now() - start);
      expect(response.status).toBe(400);
      expect(response.json.error.message).toContain(message);
    }

    expect(Math.min(...milliseconds)).toBeLessThan(50);
  });
});
