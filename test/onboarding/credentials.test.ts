import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { keyBytes, openVault } from "../../src/onboarding/vault.ts";
import { everyPartner } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import { finishWork } from "../server/world.ts";
import { startReceiver, subscribe } from "../support/receiver.ts";
import {
  type Engine,
  engines,
  eventually,
  type Json,
  newDomain,
  otherPartner,
  type Service,
  signToken,
  startService,
  vaultKey,
} from "../support/service.ts";

const set = "/customerCreationOperations";
const body = { companyProfile: {}, billingProfile: {} };

describe.each(engines)("the credentials of a new tenant on %s", (engine) => {
  test("are handed over once, and by either name of the action", async () => {
    await using service = await startService(engine);
    const [first, second] = [await add(service), await add(service)];
    await finishWork(service);

    const claimed = await claim(service, first);
    const again = await claim(service, first);
    const other = await service.post(`${set}('${second.id}')/microsoft.graph.claimCredentials`, {});

    expect(claimed).toMatchObject({ status: 200, json: { userName: "admin", password: expect.any(String) } });
    expect(claimed.json["@odata.context"]).toMatch(/\$metadata#microsoft\.graph\.customerCredentials$/);
    expect(claimed.headers["Cache-Control"]).toBe("no-store");
    expect(claimed.json.password.length).toBeGreaterThanOrEqual(20);
    expect(again).toMatchObject({
      status: 410,
      json: { error: { innerError: { code: "credentialsAlreadyClaimed" } } },
    });
    expect(other.json.password).not.toBe(claimed.json.password);
  });

  test("are claimed without a body, and with an empty one", async () => {
    await using service = await startService(engine);
    const [first, second] = [await add(service), await add(service)];
    await finishWork(service);

    const answers = [
      await service.post(`${set}/${first.id}/claimCredentials`),
      await service.post(`${set}/${second.id}/claimCredentials`, {}),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("are handed over to one of those who ask at once", async () => {
    await using service = await startService(engine);
    const operation = await add(service);
    await finishWork(service);

    const answers = await Promise.all(Array.from({ length: 8 }, () => claim(service, operation)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(410)]);
  });

  test("are not to be had before the operation has succeeded, nor by another partner, and nothing changes", async () => {
    await using service = await startService(engine);
    const operation = await add(service);
    const changes = await service.changes();

    const early = await claim(service, operation);
    await finishWork(service);
    const done = await service.changes();
    const token = await signToken({ tid: otherPartner });
    const foreign = await service.post(`${set}/${operation.id}/claimCredentials`, undefined, { token });
    const reader = await signToken({ roles: ["CustomerCreationOperation.Read.All"] });
    const weak = await service.post(`${set}/${operation.id}/claimCredentials`, undefined, { token: reader });
    const wordy = await service.post(`${set}/${operation.id}/claimCredentials`, { password: "mine" });

    expect(early).toMatchObject({ status: 409, json: { error: { innerError: { code: "credentialsNotReady" } } } });
    expect(changes).toHaveLength(3);
    expect([foreign.status, weak.status, wordy.status]).toEqual([404, 403, 400]);
    expect(await service.changes()).toEqual(done);
    expect((await claim(service, operation)).status).toBe(200);
  });

  test("stand nowhere else: not in the database, the log, the changes, a repetition, or another answer", async () => {
    const lines: string[] = [];
    await using service = await startService(engine, { log: (line) => lines.push(line) });
    const operation = await add(service);
    await finishWork(service);
    const stored = await dump(service, engine);

    const headers = { "idempotency-key": "claim-1" };
    const claimed = await service.post(`${set}/${operation.id}/claimCredentials`, undefined, { headers });
    const repeated = await service.post(`${set}/${operation.id}/claimCredentials`, undefined, { headers });
    const answers = await Promise.all(
      [set, `${set}/${operation.id}`, `${set}/delta()`, "/customers", "/customers/delta()"].map((path) =>
        service.get(path),
      ),
    );
    const left = await dump(service, engine);

    const secrets = [claimed.json.password, vaultKey.toString("base64"), vaultKey.toString("hex")];
    const everything = [stored, left, ...lines, repeated.text, ...answers.map(({ text }) => text)].join("\n");
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
    expect(stored).toContain('"sealed":"');
    expect(left).not.toContain('"sealed":"');
    expect(repeated).toMatchObject({ status: 204, text: undefined });
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  test("are not in what a receiver of notifications is told, nor in what is kept of its deliveries", async () => {
    await using service = await startService(engine, { work: true });
    await using receiver = await startReceiver();
    const subscription = await subscribe(service, receiver, { resource: "customerCreationOperations" });
    const operation = await add(service);
    const claimed = await eventually(async () => {
      const answer = await claim(service, operation);
      return answer.status === 200 ? answer : undefined;
    });
    const { length } = (await service.changes()).filter((change) => change.startsWith("customerCreationOperations "));
    await eventually(async () => (receiver.taken.length >= length ? true : undefined));

    const deliveries = await service.get(`/subscriptions/${subscription.id}/deliveries`);

    expect(length).toBeGreaterThan(3);
    expect(`${JSON.stringify(receiver.told)} ${deliveries.text}`).not.toContain(claimed.json.password);
  });

  test("stay where they are when the key that sealed them is missing, and are handed over when it is back", async () => {
    const lines: string[] = [];
    await using service = await startService(engine, { log: (line) => lines.push(line) });
    const operation = await add(service);
    await finishWork(service);
    const swap = (from: string, to: string) =>
      service.database.write(everyPartner, [
        raw(`update "credentials" set "sealed" = replace("sealed", '${from}', '${to}')`),
      ]);
    const [name] = (await service.rows(`select "sealed" from "credentials"`))[0].sealed.split(".");

    await swap(`${name}.`, "00000000.");
    const without = await claim(service, operation);
    await swap("00000000.", `${name}.`);
    const back = await claim(service, operation);

    expect(without).toMatchObject({ status: 500, json: { error: { innerError: { code: "generalException" } } } });
    expect(lines.join("\n")).toContain("The key 00000000 that sealed this is not among the keys.");
    expect(back.status).toBe(200);
  });

  test("are erased with the operation that is deleted, and with the customer that is purged", async () => {
    await using service = await startService(engine);
    const [first, second] = [await add(service), await add(service)];
    await finishWork(service);

    await service.delete(`${set}/${first.id}`);
    const [left] = await service.rows(`select count(*) as "count" from "credentials"`);
    await service.delete(`/customers/${second.customerId}`);
    service.advance(31 * 86_400);
    await finishWork(service);

    expect(Number(left.count)).toBe(1);
    expect((await claim(service, second)).status).toBe(404);
    expect(await service.rows(`select * from "credentials"`)).toEqual([]);
  });
});

describe("a vault", () => {
  const [old, young] = [randomBytes(keyBytes), randomBytes(keyBytes)];

  test("opens what an older key has sealed, and seals with the newest", () => {
    const sealed = openVault([old]).seal("secret", "here");
    const rotated = openVault([young, old]);

    expect(rotated.open(sealed, "here")).toBe("secret");
    expect(openVault([young]).open(rotated.seal("secret", "here"), "here")).toBe("secret");
  });

  test("opens nothing in another place, nothing that was changed, and nothing without its key", () => {
    const vault = openVault([old]);
    const sealed = vault.seal("secret", "here");

    expect(() => vault.open(sealed, "there")).toThrow();
    expect(() => vault.open(`${sealed.slice(0, -2)}AA`, "here")).toThrow();
    expect(() => openVault([young]).open(sealed, "here")).toThrow("not among the keys");
    expect(vault.seal("secret", "here")).not.toBe(sealed);
  });
});

async function add(service: Service): Promise<Json> {
  const { json } = await service.post("/customers", { ...body, companyProfile: { domain: newDomain() } });
  const [operation] = (await service.get(`${set}?$filter=domain eq '${json.companyProfile.domain}'`)).json.value;
  return { ...operation, customerId: json.id };
}

function claim(service: Service, { id }: Json) {
  return service.post(`${set}/${id}/claimCredentials`);
}

/** Every row of every table, as text. */
async function dump(service: Service, engine: Engine): Promise<string> {
  const names =
    engine === "sqlite"
      ? `select "name" from sqlite_master where "type" = 'table'`
      : `select "table_name" as "name" from information_schema.tables where "table_schema" = 'public'`;
  const tables = await service.rows(names);
  const rows = await Promise.all(tables.map(({ name }) => service.rows(`select * from "${name}"`)));
  return JSON.stringify(rows, (_name, value) => (typeof value === "bigint" ? String(value) : value));
}
