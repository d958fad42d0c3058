import { describe, expect, test } from "vitest";
import { everyPartner, UniqueViolation } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import { addCustomer, minimal, openOperation } from "../server/world.ts";
import { keepsAnswer, meddle, readsRecord } from "../support/failing-database.ts";
import { idempotent, lasting, repeatable } from "../support/repeatable.ts";
import { type Answer, type Engine, engines, newDomain, type Service, startService } from "../support/service.ts";

const twinCount = 50;
const bodyOf = () => ({ companyProfile: { domain: newDomain() }, billingProfile: {} });

describe.each(engines)("twins in flight on %s", (engine) => {
  test("of POST /customers make one customer and are all answered alike", async () => {
    await using service = await startService(engine);
    const body = bodyOf();
    const sending = repeatable();

    const answers = await together(() => service.post("/customers", body, sending));
    const changes = await service.changes();
    const customers = await service.get("/customers");

    expectAlike(answers, 201);
    expect(customers.json.value).toHaveLength(1);
    expect(changes).toEqual([
      "customerCreationOperations created",
      "customerCreationOperations updated",
      "customers created",
    ]);
  });

  test("of a customer for an operation make one customer and are all answered alike", async () => {
    await using service = await startService(engine);
    const { id } = await openOperation(service);
    const sending = idempotent();

    const path = `/customerCreationOperations/${id}/customer/$ref`;
    const answers = await together(() => service.post(path, minimal, sending));
    const changes = await service.changes();
    const customers = await service.get("/customers");

    expectAlike(answers, 204);
    expect(customers.json.value).toHaveLength(1);
    expect(changes.slice(1)).toEqual(["customerCreationOperations updated", "customers created"]);
  });

  test("of PATCH change the customer once and are all answered alike", async () => {
    await using service = await startService(engine);
    const { customer } = await addCustomer(service, minimal);
    const before = await service.changes();
    const sending = repeatable();

    const answers = await together(() => service.patch(`/customers/${customer}`, { externalId: "crm-1" }, sending));
    const changes = await service.changes();

    expectAlike(answers, 200);
    expect(changes.slice(before.length)).toEqual(["customers updated"]);
  });

  test("of DELETE delete the customer once and are all answered 204", async () => {
    await using service = await startService(engine);
    const { customer } = await addCustomer(service, minimal);
    const before = await service.changes();
    const sending = idempotent();

    const answers = await together(() => service.delete(`/customers/${customer}`, sending));
    const changes = await service.changes();

    expectAlike(answers, 204);
    expect(changes.slice(before.length)).toEqual(["customers deleted"]);
  });

  test("with other bodies: one takes effect, and each of the others is refused with a link to what it made", async () => {
    await using service = await startService(engine);
    const sending = idempotent();

    const answers = await together(() => service.post("/customers", bodyOf(), sending));
    const customers = await service.get("/customers");

    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect([made.length, refused.length]).toEqual([1, twinCount - 1]);
    expect(customers.json.value).toHaveLength(1);
    expect(new Set(refused.map(({ headers }) => headers["Location"]))).toEqual(new Set([made[0]?.headers["Location"]]));
    expect(new Set(refused.map(({ json }) => json.error.innerError.code))).toEqual(new Set(["idempotencyKeyReused"]));
  });

  test("wait for the answer of the first one, whatever has changed since", async () => {
    await using held = await startHeld(engine, { answerMilliseconds: 5_000 });
    const { service } = held;
    const body = bodyOf();
    const sending = idempotent();

    const first = service.post("/customers", body, sending);
    await held.reached;
    await changeOnlyCustomer(service);
    const twin = service.post("/customers", body, sending);
    setTimeout(held.release, 150);
    const [one, other] = await Promise.all([first, twin]);

    expect(lasting(other)).toEqual(lasting(one));
    expect(other.headers["Idempotency-Replayed"]).toBe("true");
  });

  test("that have waited long enough are answered for good with what was made, as it is then", async () => {
    await using held = await startHeld(engine, { answerMilliseconds: 60 });
    const { service } = held;
    const body = bodyOf();
    const sending = idempotent();

    const first = service.post("/customers", body, sending);
    await held.reached;
    await changeOnlyCustomer(service);
    const twin = await service.post("/customers", body, sending);
    held.release();
    const one = await first;
    const last = await service.post("/customers", body, sending);

    expect(twin.json).toMatchObject({ id: one.json.id, externalId: "crm-1" });
    expect(lasting(last)).toEqual(lasting(twin));
  });

  test("are told to ask again while the record of the first one cannot be read", async () => {
    const { meddling, through } = meddle();
    await using service = await startService(engine, { through });
    const { customer } = await addCustomer(service, minimal);
    const before = await service.changes();
    const sending = repeatable();
    const bothWrite = Promise.withResolvers<void>();
    let writers = 0;
    meddling.beforeWrite = async () => {
      writers++;
      if (writers === 2) bothWrite.resolve();
      await bothWrite.promise;
    };
    meddling.beforeRead = async () => {
      // The second one comes to write again, as it must where others change the customer back in between.
      if (writers < 2) return;
      await service.database.write(everyPartner, [raw(`update "customers" set "externalId" = null`)]);
    };
    meddling.afterFailure = (error) => {
      // As in a transaction of PostgreSQL that a violation has ended: nothing can be read any more.
      if (!(error instanceof UniqueViolation)) return;
      meddling.beforeRead = (statement) => {
        if (readsRecord(statement)) throw new Error("The transaction has ended.");
      };
    };
    const patch = () => service.patch(`/customers/${customer}`, { externalId: "crm-1" }, sending);

    const answers = await Promise.all([patch(), patch()]);
    meddling.beforeRead = () => undefined;
    const again = await patch();
    const changes = await service.changes();

    const refused = answers.find(({ status }) => status === 409);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(refused?.json.error.innerError.code).toBe("requestInProgress");
    expect(refused?.headers["Retry-After"]).toBe("1");
    expect(again.status).toBe(200);
    expect(changes.slice(before.length)).toEqual(["customers updated"]);
  });
});

/** A service in which the first answer of a repeatable request is kept only when it is let go. */
async function startHeld(engine: Engine, limits: { readonly answerMilliseconds: number }) {
  const { meddling, through } = meddle();
  const service = await startService(engine, { through, limits });
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  let isFirst = true;
  meddling.beforeWrite = async (statements) => {
    if (!isFirst || !keepsAnswer(statements)) return;
    isFirst = false;
    reached.resolve();
    await held.promise;
  };
  return {
    service,
    reached: reached.promise,
    release: () => held.resolve(),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

async function changeOnlyCustomer(service: Service): Promise<void> {
  const { id } = (await service.get("/customers")).json.value[0];
  await service.patch(`/customers/${id}`, { externalId: "crm-1" });
}

function together(send: () => ReturnType<Service["get"]>): Promise<readonly Answer[]> {
  return Promise.all(Array.from({ length: twinCount }, send));
}

function expectAlike(answers: readonly Answer[], status: number): void {
  const [first] = answers;
  const fresh = answers.filter(({ headers }) => headers["Idempotency-Replayed"] === undefined);
  expect(first?.status).toBe(status);
  expect(fresh).toHaveLength(1);
  expect(new Set(answers.map((answer) => JSON.stringify(lasting(answer)))).size).toBe(1);
}
