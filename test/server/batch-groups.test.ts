import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, newDomain, type Service } from "../support/service.ts";
import { answersOf } from "./send-batch.ts";
import { minimal, openWorld, type World } from "./world.ts";

describe.each(engines)("atomicity groups of a batch in JSON on %s", (engine) => {
  let world: World;
  let service: Service;
  beforeAll(async () => {
    world = await openWorld(engine);
    service = world.service;
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  const batch = (requests: readonly object[]) => answersOf(service, requests);

  test("carries out a group as a whole", async () => {
    const domain = newDomain();
    const before = await service.changes();

    const answers = await batch([
      { id: "1", atomicityGroup: "g", method: "POST", url: "/customerCreationOperations", body: { domain } },
      { id: "2", atomicityGroup: "g", method: "POST", url: "$1/customer/$ref", body: minimal },
      { id: "3", atomicityGroup: "g", method: "GET", url: "$2" },
      { id: "4", method: "GET", url: "$2?$select=id", dependsOn: ["g"] },
    ]);

    expect(["1", "2", "3", "4"].map((id) => answers[id].status)).toEqual([201, 204, 200, 200]);
    expect(answers["1"].atomicityGroup).toBe("g");
    expect((await service.changes()).slice(before.length)).toEqual([
      "customerCreationOperations created",
      "customerCreationOperations updated",
      "customers created",
    ]);
  });

  test("keeps nothing of a group in which one request fails", async () => {
    const domain = newDomain();
    const before = { changes: await service.changes(), domains: await service.rows(`select * from "domains"`) };

    const answers = await batch([
      { id: "1", atomicityGroup: "g", method: "POST", url: "/customerCreationOperations", body: { domain } },
      { id: "2", atomicityGroup: "g", method: "POST", url: "/customerCreationOperations", body: { domain } },
      { id: "3", atomicityGroup: "g", method: "DELETE", url: `/customers/${world.names["active"]}` },
      { id: "4", method: "GET", url: "/customers", dependsOn: ["g"] },
      { id: "5", method: "GET", url: `/customers/${world.names["active"]}` },
    ]);

    expect(["1", "2", "3", "4", "5"].map((id) => answers[id].status)).toEqual([424, 409, 424, 424, 200]);
    expect(await service.changes()).toEqual(before.changes);
    expect(await service.rows(`select * from "domains"`)).toEqual(before.domains);
  });

  test("undoes a change of a group that came before the failure and was seen in the group", async () => {
    const path = `/customers/${world.names["active"]}`;
    const { headers } = await service.get(path);

    const answers = await batch([
      { id: "1", atomicityGroup: "g", method: "PATCH", url: path, body: { metadata: { undone: "yes" } } },
      {
        id: "2",
        atomicityGroup: "g",
        method: "PATCH",
        url: path,
        headers: { "if-match": headers["ETag"] },
        body: { metadata: { b: "c" } },
      },
    ]);
    const after = await service.get(path);

    expect([answers["1"].status, answers["2"].status]).toEqual([424, 412]);
    expect(after.headers["ETag"]).toBe(headers["ETag"]);
    expect(after.json.metadata).not.toHaveProperty("undone");
  });

  test("carries out several groups and requests at once without losing any", async () => {
    const requests = Array.from({ length: 20 }, (_, index) => ({
      id: `r${index}`,
      method: "POST",
      url: "/customerCreationOperations",
      body: { domain: newDomain() },
      ...(index % 5 < 2 ? { atomicityGroup: `g${Math.floor(index / 5)}` } : {}),
    }));

    const answers = await batch(requests);

    expect(Object.values(answers).map(({ status }) => status)).toEqual(requests.map(() => 201));
  });

  test("is not begun when one of its requests depends on a request that failed", async () => {
    const before = await service.changes();

    const answers = await batch([
      { id: "1", method: "GET", url: `/customers/${world.names["nothing"]}` },
      {
        id: "2",
        atomicityGroup: "g",
        method: "POST",
        url: "/customerCreationOperations",
        body: { domain: newDomain() },
      },
      { id: "3", atomicityGroup: "g", method: "GET", url: "/customers", dependsOn: ["1"] },
    ]);

    expect([answers["1"].status, answers["2"].status, answers["3"].status]).toEqual([404, 424, 424]);
    expect(await service.changes()).toEqual(before);
  });
});
