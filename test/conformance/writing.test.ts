import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { minimal, openOperation, openWorld, type World } from "../server/world.ts";
import { engines, newDomain } from "../support/service.ts";

describe.each(engines)("what OData asks of writing, on %s,", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test("an entity is read, changed and deleted at the URL that its creation says", async () => {
    const { service } = world;
    const body = { companyProfile: { domain: newDomain() }, billingProfile: {} };
    const created = await service.post("/customers", body);
    const path = `!${new URL(String(created.headers["Location"])).pathname}`;

    const read = await service.get(path);
    const changed = await service.patch(path, { billingProfile: { companyName: "Contoso" } });
    const deleted = await service.delete(path);
    const gone = await service.get(path);

    expect([created, read, changed, deleted, gone].map(({ status }) => status)).toEqual([201, 200, 200, 204, 404]);
    expect(changed.json).toMatchObject({ id: created.json.id, billingProfile: { companyName: "Contoso" } });
  });

  test("a creation without a body in its answer says which entity it made", async () => {
    const { id } = await openOperation(world.service);

    const added = await world.service.post(`/customerCreationOperations/${id}/customer/$ref`, minimal);
    const opened = await world.service.post(
      "/customerCreationOperations",
      { domain: newDomain() },
      { headers: { prefer: "return=minimal" } },
    );

    for (const answer of [added, opened]) {
      expect(answer.status).toBe(204);
      expect(answer.headers["OData-EntityId"]).toBe(answer.headers["Location"]);
      expect(answer.headers["Location"]).toMatch(new RegExp(`^${world.names["root"]}/`));
    }
  });

  test("$select shapes the answer of a creation and of a change", async () => {
    const body = { companyProfile: { domain: newDomain() }, billingProfile: {} };

    const created = await world.service.post("/customers?$select=externalId", body);
    const path = `/customers/${created.json.id}?$select=lifecycleState`;
    const changed = await world.service.patch(path, { metadata: { a: "b" } });

    const shown = [created, changed].map(({ json }) => Object.keys(json).filter((name) => !name.startsWith("@")));
    expect(shown).toEqual([
      ["id", "externalId"],
      ["id", "lifecycleState"],
    ]);
  });

  test("annotations that nobody knows are passed over in a body", async () => {
    const body = {
      "@custom.note": "x",
      companyProfile: { domain: newDomain(), "domain@custom.note": "y" },
      billingProfile: { "@custom.note": { a: 1 } },
    };

    const { status, json } = await world.service.post("/customers", body);

    expect(status).toBe(201);
    expect(JSON.stringify(json)).not.toContain("custom.note");
  });

  test.each([
    ["companyProfile", "microsoft.graph.companyProfile"],
    ["companyProfile", "#microsoft.graph.companyProfile"],
  ])("the type of %s may be named as %s", async (name, type) => {
    const body = { ...minimal, companyProfile: { domain: newDomain() } };

    const { status } = await world.service.post("/customers", {
      ...body,
      [name]: { "@odata.type": type, ...body.companyProfile },
    });

    expect(status).toBe(201);
  });

  test.each(["snapshot", "serializable"])("an isolation of %s, with and without prefix, is refused", async (level) => {
    const answers = await Promise.all(
      ["isolation", "odata-isolation"].map((name) => world.service.get("/customers", { headers: { [name]: level } })),
    );

    expect(answers.map(({ status, json }) => [status, json.error.innerError.code])).toEqual([
      [412, "isolationNotSupported"],
      [412, "isolationNotSupported"],
    ]);
  });

  test.each(["maxpagesize=2", "odata.maxpagesize=2"])(
    "the preference %s is honoured and said to be",
    async (prefer) => {
      const { json, headers } = await world.service.get("/customers", { headers: { prefer } });

      expect(json.value).toHaveLength(2);
      expect(headers["Preference-Applied"]).toMatch(/maxpagesize=2$/);
    },
  );
});
