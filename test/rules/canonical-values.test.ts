import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, type Json, newDomain, type Service, startService } from "../support/service.ts";
import { fabrikam } from "./customers.ts";

const { billingProfile } = fabrikam;

describe.each(engines)("canonical values on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test("what is kept and returned is the canonical value", async () => {
    const body = {
      companyProfile: { domain: newDomain().toUpperCase(), organizationRegistrationNumber: " 91-1144442 " },
      billingProfile: {
        email: "Ana@Fabrikam.EXAMPLE",
        culture: "EN-us",
        language: "EN",
        companyName: " Fabrikam Inc. ",
        defaultAddress: {
          country: "us",
          addressLine1: " 1 Main Street",
          state: "wa",
          postalCode: " 98052 ",
          phoneNumber: "(425) 555-0100",
          lastName: " Reis ",
        },
      },
    };

    const created = await service.post("/customers", body);
    const read = await service.get(`/customers/${created.json.id}`);

    expect(created.status).toBe(201);
    expect(read.json.companyProfile).toMatchObject({
      domain: body.companyProfile.domain.toLowerCase(),
      companyName: "Fabrikam Inc.",
      organizationRegistrationNumber: "911144442",
    });
    expect(read.json.billingProfile).toMatchObject({
      email: "Ana@fabrikam.example",
      culture: "en-US",
      language: "en",
      companyName: "Fabrikam Inc.",
      lastName: "Reis",
      defaultAddress: {
        country: "US",
        addressLine1: "1 Main Street",
        state: "WA",
        postalCode: "98052",
        phoneNumber: "+14255550100",
      },
    });
  });

  test.each([
    ["TW", { culture: "zh-Hant-TW" }, { culture: "zh-TW" }],
    ["RS", { culture: "sr-latn-rs" }, { culture: "sr-Latn-RS" }],
    ["PT", { language: "pt-PT" }, { language: "pt-PT" }],
    ["GB", { defaultAddress: { postalCode: "sw1a 1aa" } }, { defaultAddress: { postalCode: "SW1A 1AA" } }],
    ["ES", { defaultAddress: { state: "Barcelona" } }, { defaultAddress: { state: "Barcelona" } }],
    ["US", { companyName: `a${" ".repeat(250)}bb` }, { companyName: `a${" ".repeat(250)}bb` }],
    ["CN", { defaultAddress: { lastName: "王" } }, { defaultAddress: { lastName: "王" } }],
  ])("in %s %j is kept as %j", async (country, given, kept) => {
    const values: Json = given;
    const body = { ...values, defaultAddress: { country, ...values.defaultAddress } };

    const answer = await service.post("/customers", {
      companyProfile: { domain: newDomain() },
      billingProfile: body,
    });

    expect(answer.status).toBe(201);
    expect(answer.json.billingProfile).toMatchObject(kept);
  });

  test("the same body in another spelling is the same body", async () => {
    const domain = newDomain();
    const { json } = await service.post("/customerCreationOperations", { domain });
    const path = `/customerCreationOperations/${json.id}/customer/$ref`;

    const first = await service.post(path, fabrikam);
    const again = await service.post(path, { ...fabrikam, billingProfile: { ...billingProfile, culture: "PT-pt" } });

    expect([first.status, again.status]).toEqual([204, 204]);
    expect(again.headers["Location"]).toBe(first.headers["Location"]);
  });

  test("an update is judged by the customer that would come of it, and kept in its canonical form", async () => {
    const { json } = await service.post("/customers", { ...fabrikam, companyProfile: { domain: newDomain() } });
    const path = `/customers/${json.id}`;

    const moved = await service.patch(path, { billingProfile: { defaultAddress: { country: "BR" } } });
    const called = await service.patch(path, {
      billingProfile: { culture: "PT-pt", defaultAddress: { phoneNumber: "210 000 000" } },
    });

    expect(moved.status).toBe(400);
    expect(moved.json.error.details.map(({ target }: { target: string }) => target)).toEqual([
      "billingProfile/culture",
      "billingProfile/defaultAddress/postalCode",
    ]);
    expect(called.status).toBe(200);
    expect(called.json.billingProfile).toMatchObject({
      culture: "pt-PT",
      defaultAddress: { country: "PT", city: "Lisboa", phoneNumber: "+351210000000" },
    });
  });
});
