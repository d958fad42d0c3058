import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, type Json } from "../support/service.ts";
import { type Case, sendAttempt, testRefusals } from "./refusal.ts";
import { openWorld, type World } from "./world.ts";

const annotated = /@odata\./;

describe.each(engines)("the metadata levels on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  async function read(path: string, level: string): Promise<Json> {
    const headers = { accept: `application/json;odata.metadata=${level}` };
    const answer = await sendAttempt(world, { method: "GET", path, headers });
    expect(answer.status).toBe(200);
    const type = `application/json;odata.metadata=${level};odata.streaming=true;IEEE754Compatible=false;charset=utf-8`;
    expect(answer.headers["Content-Type"]).toBe(type);
    return answer.json;
  }

  const url = (path: string) => `${world.names["root"]}/${path}`;

  test("none leaves the count and the next link, and nothing else", async () => {
    const page = await read("/customers?$top=1&$count=true", "none");

    expect(Object.keys(page)).toEqual(["@odata.count", "value", "@odata.nextLink"]);
    expect(page["@odata.count"]).toBe(3);
    expect(JSON.stringify(page.value)).not.toMatch(annotated);
  });

  test.each([
    "/",
    "/customers",
    "/customers/{active}",
    "/customerCreationOperations/{done}?$expand=customer",
    "/customerCreationOperations/{done}/customer",
  ])("%s says the same without metadata as with the least of it, but for control information", async (path) => {
    const none = await read(path, "none");
    const minimal = await read(path, "minimal");

    expect(JSON.stringify(none)).not.toMatch(annotated);
    expect(none).toEqual(withoutControl(minimal));
  });

  test.each([
    "/customers",
    "/customers/{active}",
    "/customerCreationOperations/{failed}",
    "/customerCreationOperations/{done}?$expand=customer",
    "/customers/{active}?$select=companyProfile/domain,metadata",
  ])("%s says the same with full metadata, but for control information", async (path) => {
    const full = await read(path, "full");
    const none = await read(path, "none");

    expect(withoutControl(full)).toEqual(none);
  });

  test("a reference stays one without metadata", async () => {
    const { value } = await read("/customerCreationOperations/{done}/customer/$ref", "none");
    const expanded = await read("/customerCreationOperations/{done}?$expand=customer/$ref", "none");

    expect(value).toEqual([{ "@odata.id": url(`customers/${world.names["active"]}`) }]);
    expect(expanded.customer).toEqual(value);
  });

  test("full tells the type of an entity, its URLs, and where its navigation leads", async () => {
    const operation = await read("/customerCreationOperations/{failed}", "full");

    const self = url(`customerCreationOperations/${world.names["failed"]}`);
    expect(Object.keys(operation).slice(0, 6)).toEqual([
      "@odata.context",
      "@odata.type",
      "@odata.id",
      "@odata.editLink",
      "@odata.etag",
      "id",
    ]);
    expect(operation).toMatchObject({
      "@odata.type": "#microsoft.graph.customerCreationOperation",
      "@odata.id": self,
      "@odata.editLink": self,
      "customer@odata.associationLink": `${self}/customer/$ref`,
      "customer@odata.navigationLink": `${self}/customer`,
    });
  });

  test("full tells the type of each value that JSON does not tell, right before it", async () => {
    const operation = await read("/customerCreationOperations/{failed}", "full");

    expect(operation).toMatchObject({
      "status@odata.type": "#microsoft.graph.customerCreationOperationStatus",
      "percentComplete@odata.type": "#Int32",
      "createdDateTime@odata.type": "#DateTimeOffset",
      "history@odata.type": "#Collection(microsoft.graph.customerCreationOperationTransition)",
      error: { "@odata.type": "#microsoft.graph.publicError" },
    });
    for (const name of ["id@odata.type", "isRetryable@odata.type", "resourceLocation@odata.type"]) {
      expect(operation).not.toHaveProperty([name]);
    }
    // A value that is null has no type.
    const done = await read("/customerCreationOperations/{done}", "full");
    expect(done.expirationDateTime).toBeNull();
    expect(done).not.toHaveProperty(["expirationDateTime@odata.type"]);
    expect(operation.history[0]).toMatchObject({
      "@odata.type": "#microsoft.graph.customerCreationOperationTransition",
      "transitionDateTime@odata.type": "#DateTimeOffset",
    });
    const names = Object.keys(operation);
    for (const [index, name] of names.entries()) {
      if (/^\w+@odata\.type$/.test(name)) expect(names[index + 1]).toBe(name.split("@")[0]);
    }
  });

  test("full tells the type of complex values, open ones too, and of collections", async () => {
    const customer = await read("/customers/{active}", "full");

    expect(customer).toMatchObject({
      companyProfile: { "@odata.type": "#microsoft.graph.companyProfile" },
      billingProfile: { defaultAddress: { "@odata.type": "#microsoft.graph.address", city: "Lisboa" } },
      metadata: { "@odata.type": "#microsoft.graph.customerMetadata", tier: "gold" },
      "customDomains@odata.type": "#Collection(String)",
      "lifecycleState@odata.type": "#microsoft.graph.customerLifecycleState",
    });
  });

  test("full has the links of navigation beside what is expanded, and none of what is not selected", async () => {
    const path = "/customerCreationOperations/{done}";

    const expanded = await read(`${path}?$expand=customer($count=true)`, "full");
    const selected = await read(`${path}?$select=customer`, "full");
    const other = await read(`${path}?$select=domain`, "full");

    expect(Object.keys(expanded).slice(-4)).toEqual([
      "customer@odata.associationLink",
      "customer@odata.navigationLink",
      "customer@odata.count",
      "customer",
    ]);
    expect(expanded.customer[0]).toMatchObject({ "@odata.id": url(`customers/${world.names["active"]}`) });
    expect(selected).toHaveProperty(["customer@odata.navigationLink"]);
    expect(other).not.toHaveProperty(["customer@odata.navigationLink"]);
  });

  test("a new entity and a changed one are answered at the level that is asked for", async () => {
    const headers = { accept: "application/json;odata.metadata=full", prefer: "return=representation" };
    const body = { metadata: { tier: "gold" } };

    const changed = await sendAttempt(world, { method: "PATCH", path: "/customers/{active}", body, headers });

    expect(changed.json["@odata.type"]).toBe("#microsoft.graph.customer");
  });

  test("what full metadata says may be sent back as it was read", async () => {
    const path = "/customerCreationOperations/{failed}";
    const full = await read(path, "full");

    const answer = await sendAttempt(world, { method: "PATCH", path, body: full });

    expect(answer.status).toBe(200);
  });

  test("$format asks for a level too, and stands above Accept; the next page keeps it", async () => {
    const path = "/customers?$top=2&$format=application/json;odata.metadata=none";

    const page = await sendAttempt(world, { method: "GET", path, headers: { accept: "text/html" } });
    const next = page.json["@odata.nextLink"].slice(world.names["root"]?.length);
    const last = await sendAttempt(world, { method: "GET", path: next });

    expect(page.json).not.toHaveProperty(["@odata.context"]);
    expect(last.json).not.toHaveProperty(["@odata.context"]);
    expect(last.headers["Content-Type"]).toContain(";odata.metadata=none;");
  });

  test("delta is answered with full metadata, and is refused without any", async () => {
    const full = await read("/customers/delta", "full");

    expect(full.value[0]).toMatchObject({ "@odata.type": "#microsoft.graph.customer" });
    expect(full).toHaveProperty(["@odata.deltaLink"]);
  });
  testRefusals(
    () => world,
    [
      { headers: { accept: "application/json;odata.metadata=none" }, path: "/customers/delta" },
      { path: "/customers/delta()?$format=application/json;odata.metadata=none" },
    ].map((attempt): Case => {
      const sentence = `${attempt.path} without metadata is refused, ${attempt.headers === undefined ? "by $format" : "by Accept"}`;
      const wanted = { status: 400, code: "invalidRequest", message: "odata.metadata=none" } as const;
      return [sentence, { method: "GET", ...attempt }, wanted];
    }),
  );

  test("numbers of 64 bits come as texts when that is asked for: here the counts", async () => {
    const headers = { accept: "application/json;IEEE754Compatible=true" };
    const path = "/customerCreationOperations?$count=true&$expand=customer($count=true)";

    const { json, headers: answered } = await sendAttempt(world, { method: "GET", path, headers });

    expect(json["@odata.count"]).toBe(String(json.value.length));
    expect(json.value[0]).toMatchObject({ "customer@odata.count": "1", percentComplete: 100 });
    expect(answered["Content-Type"]).toContain(";IEEE754Compatible=true;");
  });
});

/** A payload without its control information, at any depth. */
function withoutControl(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutControl);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !name.includes("@"));
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutControl(each)]));
}
