import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { meddle } from "../support/failing-database.ts";
import { engines, eventually, type Json, newDomain, type Service, startService } from "../support/service.ts";
import { answersOf } from "./send-batch.ts";

const list = { method: "GET", url: "/customers" } as const;

describe.each(engines)("requests of batches on %s", (engine) => {
  const { meddling, through } = meddle();
  let service: Service;
  afterEach(() => service[Symbol.asyncDispose]());

  describe("of which three may be under way", () => {
    beforeEach(async () => {
      service = await startService(engine, { limits: { batchRequestsUnderWayMax: 3 }, through });
    });

    test("wait for their turn, and one that comes alone does not", async () => {
      const lists = { held: 0 };
      const gate = Promise.withResolvers<void>();
      meddling.beforeRead = async ({ texts }) => {
        if (!texts.some((text) => text.includes(`from "customers"`))) return;
        lists.held += 1;
        await gate.promise;
      };
      const batches = [1, 2].map(() => answersOf(service, [list, list, list, list].map(numbered)));
      await eventually(async () => (lists.held === 3 ? true : undefined));

      const alone = service.get("/customers");
      await eventually(async () => (lists.held === 4 ? true : undefined));
      gate.resolve();
      const answers = await Promise.all(batches);

      expect((await alone).status).toBe(200);
      expect(answers.map(statuses)).toEqual([
        [200, 200, 200, 200],
        [200, 200, 200, 200],
      ]);
      expect(lists.held).toBe(9);
    });
  });

  describe("of which one may be under way", () => {
    beforeEach(async () => {
      service = await startService(engine, { limits: { batchRequestsUnderWayMax: 1 } });
    });

    test("never wait for what waits for them", async () => {
      const open = () => ({ method: "POST", url: "/customerCreationOperations", body: { domain: newDomain() } });
      const chain = [
        { ...open(), headers: { "Content-Type": "application/json" } },
        { method: "GET", url: "$1", dependsOn: ["1"] },
        { method: "GET", url: "$1", dependsOn: ["1", "2"] },
      ];
      const group = [open(), open()].map((each) => ({
        ...each,
        headers: { "Content-Type": "application/json" },
        atomicityGroup: "g",
      }));

      const answers = await Promise.all([chain, group].map((requests) => answersOf(service, requests.map(numbered))));

      expect(answers.map(statuses)).toEqual([
        [201, 200, 200],
        [201, 201],
      ]);
    });
  });
});

function numbered(request: object, index: number): object {
  return { id: String(index + 1), ...request };
}

function statuses(answers: Readonly<Record<string, Json>>): readonly number[] {
  return Object.values(answers).map(({ status }) => status);
}
