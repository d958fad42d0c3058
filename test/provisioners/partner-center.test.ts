import { randomBytes, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { customer } from "../../src/model/customer.ts";
import type { Provisioner, ProvisioningOrder } from "../../src/onboarding/provisioner.ts";
import { keyBytes, openVault } from "../../src/onboarding/vault.ts";
import { partnerCenterProvisioner } from "../../src/provisioners/partner-center.ts";
import { tokensOf } from "../../src/provisioners/partner-center-token.ts";
import { refreshTokenFrom } from "../../src/provisioners/refresh-token.ts";
import { readRow } from "../../src/store/select.ts";
import { type Outside, type OutsideAnswer, startOutside } from "../support/outside.ts";
import { answerAsPartnerCenter, newPartnerCenter, type PartnerCenterWorld } from "../support/partner-center.ts";
import { engines, type Json, newDomain, partner, type Service, startService } from "../support/service.ts";

const portugal = { country: "PT", city: "Lisboa", addressLine1: "Rua Augusta 12", region: "Centro" };
const secret = "the-secret-of-the-application";

describe.each(engines)("Partner Center, with %s", (engine) => {
  let service: Service;
  let world: PartnerCenterWorld;
  let outside: Outside;
  const lines: string[] = [];
  beforeEach(async () => {
    service = await startService(engine, { log: (line) => lines.push(line) });
    world = newPartnerCenter(service.context.clock);
    outside = await startOutside(async (request) => answerAsPartnerCenter(world, request));
  });
  afterEach(async () => {
    await outside[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
  });

  const open = (configured?: string, vault = service.context.vault) => {
    const { database, context } = service;
    const { clock, newId } = context;
    const refreshToken = configured === undefined ? undefined : refreshTokenFrom(configured, { ...context, vault });
    const source = { clientId: "app", clientSecret: secret, refreshToken, scope: "all", clock, secondsMax: 1 };
    const tokens = tokensOf({ ...source, tokenUrl: new URL(`${outside.origin}/token`) });
    const url = new URL(`${outside.origin}/v1`);
    const patience = { secondsMax: 1, readableSecondsMax: 600, pollSeconds: 5 };
    return partnerCenterProvisioner({ ...patience, url, tokens, database, clock, newId, sandbox: false });
  };

  test("is asked about domain and address before anything is created, and what it needs not is left out", async () => {
    const order = await newOrder(service, { defaultAddress: portugal });
    const sent: Json[] = [];
    world.meddle = ({ method, url, body }) => {
      if (method === "POST" && url === "/v1/customers") sent.push(JSON.parse(body));
      return undefined;
    };

    const made = await open().provision("provisioningTenant", order);

    expect(world.requests.map(({ line }) => line.replace(order.domain, "{domain}"))).toEqual([
      ...["POST /token", "HEAD /v1/domains/{domain}", "POST /v1/validations/address", "POST /v1/customers"],
    ]);
    expect(made).toEqual({ tenantId: [...world.customers.keys()][0], credentials: expect.anything() });
    expect(sent[0].billingProfile.defaultAddress).toEqual({
      country: "PT",
      city: "Lisboa",
      addressLine1: "Rua Augusta 12",
    });
    expect(sent[0].companyProfile).toEqual({ domain: order.domain });
  });

  test("sees the same MS-RequestId after a lost answer, a new one after a refusal, and one correlation", async () => {
    const order = await newOrder(service, { defaultAddress: portugal });
    const answers: OutsideAnswer[] = ["drop", { status: 400, body: { code: 3000, description: "No.", data: [] } }];
    world.meddle = ({ method, url }) => (method === "POST" && url === "/v1/customers" ? answers.shift() : undefined);
    const provisioner = open();

    const outcomes = [];
    for (let each = 0; each < 3; each++) {
      outcomes.push(await provisioner.provision("provisioningTenant", order).catch(({ passing }) => passing));
    }

    const created = world.requests.filter(({ line }) => line === "POST /v1/customers");
    const ids = created.map(({ headers }) => headers["ms-requestid"]);
    expect(outcomes).toEqual([true, false, expect.objectContaining({ tenantId: expect.any(String) })]);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(new Set(created.map(({ headers }) => headers["ms-correlationid"]))).toEqual(new Set([order.operationId]));
  });

  test("is waited for until a customer can be read, about 90 seconds after it was created", async () => {
    const provisioner = open();
    const order = await newOrder(service, { defaultAddress: portugal });
    const { tenantId } = { tenantId: "", ...(await provisioner.provision("provisioningTenant", order)) };
    const readCustomer = async () => ({ ...(await order.readCustomer()), tenantId });
    const linking = { ...order, readCustomer, stageDateTime: service.context.clock() };

    const early = await provisioner.provision("linkingPartner", linking);
    service.advance(91);
    const late = await provisioner.provision("linkingPartner", linking);

    expect(early).toEqual({ pendingSeconds: 5 });
    expect(late).toEqual({ relationshipToPartner: "reseller", allowDelegatedAccess: true });
  });

  test("that throttles is left alone for as long as it says, at every call", async () => {
    const order = await newOrder(service, { defaultAddress: portugal });
    const throttled = {
      status: 429,
      headers: { "retry-after": "17" },
      body: { statusCode: 429, message: "Too many." },
    };

    const outcomes = [];
    for (const path of ["/v1/domains/", "/v1/validations/address", "/v1/customers"]) {
      world.meddle = ({ url }) => (url.startsWith(path) ? throttled : undefined);
      outcomes.push(await open().provision("provisioningTenant", order));
    }

    expect(outcomes).toEqual(Array(3).fill({ pendingSeconds: 17 }));
    expect(world.customers.size).toBe(0);
  });

  test.each([
    [{ status: 400, body: { code: 27002, description: "Bad.", data: ["x: StateInvalid"] } }, "stateInvalid", "state"],
    [{ status: 400, body: { code: "600049", message: "Missing." } }, "registrationNumberMissing", "RegistrationNumber"],
    [{ status: 400, body: { code: 600051, message: "Phone." } }, "phoneNumberMissing", "phoneNumber"],
    [{ status: 400, body: { code: 20000, description: "Not there." } }, "countryNotSupported", "country"],
    [{ status: 409, body: { message: "Already exists." } }, "domainAlreadyInUse", "domain"],
    [{ status: 403, body: "" }, "insufficientPermissions", undefined],
    [{ status: 404, body: { statusCode: 404, message: "Not found" } }, "invalidProperty", undefined],
  ])("that answers %j is told of as %s", async (answer, innerCode, target) => {
    const order = await newOrder(service, { defaultAddress: portugal });
    world.meddle = ({ method, url }) => (method === "POST" && url === "/v1/customers" ? answer : undefined);

    const failure = await open()
      .provision("provisioningTenant", order)
      .catch((error: Json) => error);

    expect(failure).toMatchObject({ passing: false, fault: { innerCode } });
    expect(failure.fault.target).toEqual(target === undefined ? undefined : expect.stringContaining(target));
  });

  test.each(["None", "InteractionRequired"])("that holds an address for %s is not asked to create", async (status) => {
    world.addressStatus = status;
    const order = await newOrder(service, { defaultAddress: portugal });

    const failure = await open()
      .provision("provisioningTenant", order)
      .catch((error: Json) => error);

    expect(failure).toMatchObject({ passing: false, fault: { innerCode: "invalidAddress" } });
    expect(world.requests.map(({ line }) => line)).not.toContain("POST /v1/customers");
  });

  test("that knows the domain already is neither asked to create nor, when it is undone, to remove anything", async () => {
    const [first, provisioner] = [await newOrder(service, { defaultAddress: portugal }), open()];
    await provisioner.provision("provisioningTenant", first);
    service.advance(100);
    const second = { ...(await newOrder(service, { defaultAddress: portugal })), domain: first.domain };

    const failure = await provisioner.provision("provisioningTenant", second).catch((error: Json) => error);
    await provisioner.undo(second);

    expect(failure).toMatchObject({ passing: false, fault: { innerCode: "domainAlreadyInUse", target: "domain" } });
    expect([...world.customers.values()].map(({ relationship }) => relationship)).toEqual(["reseller"]);
  });

  test("gives one token for many calls, another when one is refused, and no secret is told of", async () => {
    const forms: string[] = [];
    let isRefused = true;
    world.meddle = ({ url, body }) => {
      if (url === "/token") forms.push(body);
      if (url === "/token" && isRefused)
        return { status: 401, body: { error: "invalid_client", error_description: body } };
      return undefined;
    };
    const provisioner = open("the-refresh-token");
    const order = await newOrder(service, { defaultAddress: portugal });

    const failure = await provisioner.provision("provisioningTenant", order).catch((error: Json) => error);
    isRefused = false;
    await provisioner.provision("provisioningTenant", order);

    expect(forms).toHaveLength(2);
    expect(new URLSearchParams(forms[0]).get("grant_type")).toBe("refresh_token");
    expect(failure).toMatchObject({ passing: true });
    expect(`${failure.message} ${JSON.stringify(failure)} ${lines.join()}`).not.toMatch(/the-secret|the-refresh/);
  });

  test("is asked with the refresh token that came last, also after a start, until another one is set", async () => {
    const asked = giveRefreshTokens();

    await create(open("set-first"));
    await create(open("set-first"));
    await create(open("set-second"));
    const kept = await service.rows(`select * from "refreshTokens"`);

    // There are three calls in a creation, and each of them has a token of its own here.
    expect(asked).toEqual([
      ...["set-first", "came-1", "came-2"],
      ...["came-3", "came-4", "came-5"],
      ...["set-second", "came-7", "came-8"],
    ]);
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept) + lines.join()).not.toMatch(/set-|came-/);
  });

  test("is asked with the refresh token that is set where the one that came was sealed with a key that is gone", async () => {
    const asked = giveRefreshTokens();
    await create(open("set-first"));

    await create(open("set-first", openVault([randomBytes(keyBytes)])));

    expect(asked.slice(3)).toEqual(["set-first", "came-4", "came-5"]);
    expect(lines.join()).toContain("the refresh token that was kept cannot be opened");
  });

  async function create(provisioner: Provisioner): Promise<void> {
    await provisioner.provision("provisioningTenant", await newOrder(service, { defaultAddress: portugal }));
  }

  /** Lets no access token last, and a refresh token come with each; gives those that were asked with. */
  function giveRefreshTokens(): readonly (string | null)[] {
    const asked: (string | null)[] = [];
    world.meddle = ({ url, body }) => {
      if (url !== "/token") return undefined;
      const count = asked.push(new URLSearchParams(body).get("refresh_token"));
      return { status: 200, body: { access_token: "a-token", expires_in: 0, refresh_token: `came-${count}` } };
    };
    return asked;
  }
});

async function newOrder(service: Service, billingProfile: object): Promise<ProvisioningOrder> {
  const domain = newDomain();
  const { json } = await service.post("/customers", { companyProfile: { domain }, billingProfile });
  const key = { partnerId: partner, id: json.id };
  const now = service.context.clock();
  return {
    ...{ partnerId: partner, operationId: randomUUID(), customerId: json.id, domain },
    ...{ correlationId: randomUUID(), attempt: 1, stageDateTime: now },
    async readCustomer() {
      const found = await readRow(service.database, customer, key);
      if (found === undefined) throw new Error("There is no customer.");
      return found;
    },
  };
}
