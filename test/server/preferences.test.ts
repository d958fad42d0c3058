import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, newDomain, origin, type Service, startService } from "../support/service.ts";
import { openOperation } from "./world.ts";

/** Each request that a preference can change: how it is sent, and its status without one, minimal and with a body. */
interface Kind {
  readonly name: string;
  readonly statuses: readonly [byDefault: number, minimal: number, representation: number];
  readonly send: (service: Service, prefer: string | undefined) => ReturnType<Service["send"]>;
}

const kinds: readonly Kind[] = [
  {
    name: "a new operation",
    statuses: [201, 204, 201],
    send: (service, prefer) => service.post("/customerCreationOperations", { domain: newDomain() }, sending(prefer)),
  },
  {
    name: "a new customer",
    statuses: [201, 204, 201],
    send: (service, prefer) =>
      service.post("/customers", { companyProfile: { domain: newDomain() }, billingProfile: {} }, sending(prefer)),
  },
  {
    name: "the customer of an operation",
    statuses: [204, 204, 201],
    send: async (service, prefer) => {
      const { id } = await openOperation(service);
      const body = { companyProfile: {}, billingProfile: {} };
      return service.post(`/customerCreationOperations/${id}/customer/$ref`, body, sending(prefer));
    },
  },
  {
    name: "a change of an operation",
    statuses: [200, 204, 200],
    send: async (service, prefer) => {
      const { id } = await openOperation(service);
      return service.patch(`/customerCreationOperations/${id}`, { domain: newDomain() }, sending(prefer));
    },
  },
  {
    name: "a change of a customer",
    statuses: [200, 204, 200],
    send: async (service, prefer) => {
      const body = { companyProfile: { domain: newDomain() }, billingProfile: {} };
      const { json } = await service.post("/customers", body);
      return service.patch(`/customers/${json.id}`, { metadata: { a: "b" } }, sending(prefer));
    },
  },
];

describe.each(engines)("preferences on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  describe.each(kinds)("for $name", ({ statuses, send }) => {
    const [byDefault, minimal, representation] = statuses;

    test("nothing is said to be applied when nothing was preferred", async () => {
      const answer = await send(service, undefined);

      expect(answer.status).toBe(byDefault);
      expect(answer.headers).not.toHaveProperty("Preference-Applied");
    });

    test.each([
      ["return=minimal", minimal, "return=minimal"],
      ["return=representation", representation, "return=representation"],
      ["Return = Minimal", minimal, "return=minimal"],
      ['return="representation"', representation, "return=representation"],
      ["respond-async, return=minimal, wait=10", minimal, "return=minimal"],
      ["create-if-missing; return=representation", representation, "return=representation"],
      ["return=minimal, return=representation", minimal, "return=minimal"],
      ["return=nothing", byDefault, undefined],
      ["return", byDefault, undefined],
      ["odata.maxpagesize=1", byDefault, undefined],
      ["xreturn=minimal", byDefault, undefined],
      ["", byDefault, undefined],
    ])("'%s' is answered %i and applies %s", async (prefer, status, applied) => {
      const answer = await send(service, prefer);

      expect(answer.status).toBe(status);
      expect(answer.headers["Preference-Applied"]).toBe(applied);
      expect(answer.text === undefined).toBe(status === 204);
      expect("Content-Type" in answer.headers).toBe(status !== 204);
    });

    test("the entity tag is that of the entity, whatever is preferred", async () => {
      const minimally = await send(service, "return=minimal");
      const shown = await send(service, "return=representation");

      expect(minimally.headers["ETag"]).toMatch(/^W\/"[0-9a-f-]{36}"$/);
      expect(shown.headers["ETag"]).toBe(shown.json["@odata.etag"]);
    });
  });

  test.each(kinds.filter(({ statuses }) => statuses[1] === 204 && statuses[2] === 201))(
    "$name that is answered minimally says where it is, and is there",
    async ({ send }) => {
      const answer = await send(service, "return=minimal");
      const location = String(answer.headers["Location"]);
      const read = await service.get(location.slice(`${origin}/v1.0`.length));

      expect(answer.headers["OData-EntityId"]).toBe(location);
      expect(read).toMatchObject({ status: 200, headers: { ETag: answer.headers["ETag"] } });
    },
  );

  test.each(["return=minimal", "return=representation"])("a read is not changed by %s", async (prefer) => {
    const { id } = await openOperation(service);

    const answer = await service.get(`/customerCreationOperations/${id}`, sending(prefer));

    expect(answer).toMatchObject({ status: 200, json: { id } });
    expect(answer.headers).not.toHaveProperty("Preference-Applied");
  });

  test.each([
    ["a page", () => service.get("/customers", sending("respond-async, wait=10"))],
    ["a count", () => service.get("/customers/$count", sending("respond-async"))],
    ["a batch", () => service.post("/$batch", { requests: [] }, sending("odata.respond-async"))],
  ])("%s for which 202 would do is answered at once, and nothing is said to be applied", async (_what, send) => {
    const answer = await send();

    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty("Preference-Applied");
    expect(answer.headers).not.toHaveProperty("Location");
  });

  test("a refusal applies no preference", async () => {
    const answer = await service.post("/customers", {}, sending("return=minimal"));

    expect(answer.status).toBe(400);
    expect(answer.headers).not.toHaveProperty("Preference-Applied");
  });
});

function sending(prefer: string | undefined) {
  return prefer === undefined ? {} : { headers: { prefer } };
}
