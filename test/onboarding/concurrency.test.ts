import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, engines, type Json, newDomain, type Service, startService } from "../support/service.ts";
import { attachedBody } from "../support/watched-world.ts";

const set = "/customerCreationOperations";

describe.each(engines)("two requests at once on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test("that open an operation for one domain: one gets it, a hundred times", async () => {
    const outcomes: string[] = [];
    for (let round = 0; round < 100; round++) {
      const domain = newDomain();

      const answers = await Promise.all([service.post(set, { domain }), service.post(set, { domain })]);

      outcomes.push(print(answers));
    }

    expect(new Set(outcomes)).toEqual(new Set(["201, 409 domainReserved"]));
    expect(outcomes).toHaveLength(100);
    expect((await service.get(`${set}/$count`)).text).toBe("100");
  });

  test("that open an operation for a domain whose reservation has run out: one gets it", async () => {
    const outcomes: string[] = [];
    for (let round = 0; round < 10; round++) {
      const { domain } = await open();
      service.advance(25 * 3600);

      const answers = await Promise.all([service.post(set, { domain }), service.post(set, { domain })]);

      outcomes.push(print(answers));
    }

    expect(new Set(outcomes)).toEqual(new Set(["201, 409 domainReserved"]));
  });

  test("that attach different customers to one operation: one is attached", async () => {
    for (let round = 0; round < 20; round++) {
      const [operation, before] = [await open(), await count("customers")];
      const other = { ...attachedBody, billingProfile: { companyName: "Fabrikam" } };

      const answers = await Promise.all([attach(operation, attachedBody), attach(operation, other)]);

      const { json } = await service.get(`${set}/${operation.id}/customer`);
      const winner = answers.find(({ status }) => status === 204);
      expect(print(answers)).toBe("204, 409 customerAlreadyAttached");
      expect(json.value).toHaveLength(1);
      expect(winner?.headers["Location"]).toMatch(new RegExp(`/${json.value[0].id}$`));
      expect(await count("customers")).toBe(before + 1);
    }
  });

  test("that attach the same customer to one operation: both are answered alike, and there is one", async () => {
    for (let round = 0; round < 20; round++) {
      const [operation, before] = [await open(), await count("customers")];

      const answers = await Promise.all([attach(operation, attachedBody), attach(operation, attachedBody)]);

      const [first, second] = answers.map(({ headers }) => headers);
      expect(print(answers)).toBe("204, 204");
      expect(first?.["OData-EntityId"]).toMatch(/\/customers\/[0-9a-f-]{36}$/);
      expect(second?.["OData-EntityId"]).toBe(first?.["OData-EntityId"]);
      expect(second?.["ETag"]).toBe(first?.["ETag"]);
      expect(await count("customers")).toBe(before + 1);
    }
  });

  test("or six that change one version of a customer: one wins and the others are told", async () => {
    const { id, etag } = await newCustomer();

    const answers = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((index) =>
        service.patch(`/customers/${id}`, { metadata: { winner: `${index}` } }, { headers: { "if-match": etag } }),
      ),
    );

    const { json } = await service.get(`/customers/${id}`);
    const winner = answers.findIndex(({ status }) => status === 200);
    expect(print(answers)).toBe(["200", ...Array(5).fill("412 entityTagDoesNotMatch")].join(", "));
    expect(json.metadata).toEqual({ winner: `${winner}` });
    expect(await changesOf(id)).toEqual(["created", "updated"]);
  });

  test("or six that change one version of an operation: one wins and holds its domain alone", async () => {
    const operation = await open();
    const domains = [0, 1, 2, 3, 4, 5].map(newDomain);
    const headers = { "if-match": operation["@odata.etag"] };

    const answers = await Promise.all(
      domains.map((domain) => service.patch(`${set}/${operation.id}`, { domain }, { headers })),
    );

    const winner = answers.findIndex(({ status }) => status === 200);
    const held = await service.rows(`select "domain" from "domains" where "operationId" = '${operation.id}'`);
    expect(print(answers)).toBe(["200", ...Array(5).fill("412 entityTagDoesNotMatch")].join(", "));
    expect(held).toEqual([{ domain: domains[winner] }]);
    expect(await changesOf(operation.id)).toEqual(["created", "updated"]);
  });

  test("or four that change different things of a customer, whatever its version: nothing is lost", async () => {
    const { id } = await newCustomer();
    const names = ["a", "b", "c", "d"];

    const answers = await Promise.all(
      names.map((name) => service.patch(`/customers/${id}`, { metadata: { [name]: name } })),
    );

    const { json } = await service.get(`/customers/${id}`);
    expect(print(answers)).toBe("200, 200, 200, 200");
    expect(json.metadata).toEqual({ a: "a", b: "b", c: "c", d: "d" });
  });

  test("that create customers of one externalId: one is there, and nothing is left of the other", async () => {
    for (let round = 0; round < 20; round++) {
      const before = await counts();
      const domains = [newDomain(), newDomain()];

      const answers = await Promise.all(
        domains.map((domain) =>
          service.post("/customers", { ...attachedBody, externalId: `crm-${round}`, companyProfile: { domain } }),
        ),
      );

      const loser = domains[answers.findIndex(({ status }) => status === 409)];
      const after = await counts();
      const opened = await service.post(set, { domain: loser });
      expect(print(answers)).toBe("201, 409 nameAlreadyExists");
      expect(after).toEqual({
        customers: before.customers + 1,
        customerCreationOperations: before.customerCreationOperations + 1,
        domains: before.domains + 1,
        // The operation was opened and begun, the customer created.
        changes: before.changes + 3,
      });
      expect(opened.status).toBe(201);
    }
  });

  test("that move two operations to one domain: one gets it, and the other keeps its own", async () => {
    for (let round = 0; round < 20; round++) {
      const [first, second, domain] = [await open(), await open(), newDomain()];

      const answers = await Promise.all([first, second].map(({ id }) => service.patch(`${set}/${id}`, { domain })));

      const loser = answers[0]?.status === 409 ? first : second;
      const winner = loser === first ? second : first;
      expect(print(answers)).toBe("200, 409 domainReserved");
      expect((await service.get(`${set}/${loser.id}`)).json).toEqual({ ...loser, "@odata.context": expect.anything() });
      expect((await service.get(`${set}/${winner.id}`)).json.domain).toBe(domain);
      expect(await holderOf(domain)).toEqual(winner.id);
      expect(await holderOf(loser.domain)).toEqual(loser.id);
      expect(await holderOf(winner.domain)).toBeUndefined();
    }
  });

  test("that want each other's domain: both keep their own", async () => {
    for (let round = 0; round < 20; round++) {
      const [first, second] = [await open(), await open()];

      const answers = await Promise.all([
        service.patch(`${set}/${first.id}`, { domain: second.domain }),
        service.patch(`${set}/${second.id}`, { domain: first.domain }),
      ]);

      expect(print(answers)).toBe("409 domainReserved, 409 domainReserved");
      expect(await holderOf(first.domain)).toEqual(first.id);
      expect(await holderOf(second.domain)).toEqual(second.id);
    }
  });

  test("of which one attaches and one cancels: the customer is to be removed, or was never there", async () => {
    for (let round = 0; round < 20; round++) {
      const operation = await open();

      const [canceled, attached] = await Promise.all([
        service.patch(`${set}/${operation.id}`, { status: "canceled" }),
        attach(operation, attachedBody),
      ]);

      const { json } = await service.get(`${set}/${operation.id}/customer`);
      const holder = await holderOf(operation.domain);
      const first = {
        status: attached?.status,
        customers: json.value.map((each: Json) => each.lifecycleState),
        holder,
      };
      expect(canceled?.json.status).toBe("canceled");
      expect([
        { status: 204, customers: ["removing"], holder: operation.id },
        { status: 409, customers: [], holder: undefined },
      ]).toContainEqual(first);
    }
  });

  test("of which one attaches and one moves the domain: the customer has the domain that its operation holds", async () => {
    for (let round = 0; round < 20; round++) {
      const [operation, domain] = [await open(), newDomain()];

      const [moved, attached] = await Promise.all([
        service.patch(`${set}/${operation.id}`, { domain }),
        attach(operation, attachedBody),
      ]);

      const wanted = moved?.status === 200 ? domain : operation.domain;
      const { json } = await service.get(`${set}/${operation.id}/customer`);
      const other = wanted === domain ? operation.domain : domain;
      expect([200, 409]).toContain(moved?.status);
      expect(attached?.status).toBe(204);
      expect(json.value[0]?.companyProfile.domain).toBe(wanted);
      expect([await holderOf(wanted), await holderOf(other)]).toEqual([operation.id, undefined]);
    }
  });

  async function open(): Promise<Json> {
    return (await service.post(set, { domain: newDomain() })).json;
  }

  function attach({ id }: Json, body: object): Promise<Answer> {
    return service.post(`${set}/${id}/customer/$ref`, body);
  }

  async function newCustomer(): Promise<{ readonly id: string; readonly etag: string }> {
    const { json } = await service.post("/customers", { ...attachedBody, companyProfile: { domain: newDomain() } });
    return { id: json.id, etag: json["@odata.etag"] };
  }

  async function count(table: string): Promise<number> {
    const [row] = await service.rows(`select count(*) as "count" from "${table}"`);
    return Number(row.count);
  }

  async function counts() {
    return {
      customers: await count("customers"),
      customerCreationOperations: await count("customerCreationOperations"),
      domains: await count("domains"),
      changes: await count("changes"),
    };
  }

  async function changesOf(id: string): Promise<readonly string[]> {
    const rows = await service.rows(
      `select "changeType" from "changes" where "entityId" = '${id}' order by "position"`,
    );
    return rows.map(({ changeType }) => changeType);
  }

  async function holderOf(domain: string): Promise<string | undefined> {
    const [row] = await service.rows(`select "operationId" from "domains" where "domain" = '${domain}'`);
    return row?.operationId;
  }
});

/** The statuses of answers in order, each refusal with its code. */
function print(answers: readonly Answer[]): string {
  return answers
    .map(({ status, json }) => (status < 400 ? `${status}` : `${status} ${json.error.innerError.code}`))
    .toSorted()
    .join(", ");
}
