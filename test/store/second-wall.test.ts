import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { offers } from "../../src/onboarding/offers.ts";
import { permissions } from "../../src/onboarding/permissions.ts";
import type { Database } from "../../src/store/database.ts";
import type { Statement } from "../../src/store/sql.ts";
import { type Ids, idsOf, isIdle, isKeyed, requestOf } from "../security/offer-request.ts";
import { watch } from "../security/watch.ts";
import { openWorld, type World } from "../server/world.ts";
import { createDatabase, createOrdinaryRole } from "../support/postgres.ts";
import { createStorage, runCommand, startProcess } from "../support/process.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { type Answer, engines, signToken } from "../support/service.ts";

const reading = offers.filter(({ method }) => method === "GET");
const keyedWriting = offers.filter((offer) => offer.method !== "GET" && isKeyed(offer) && !isIdle(offer));

describe.each(engines)("on %s, with the partner taken out of every condition,", (engine) => {
  let world: World;
  let ids: Ids;
  let receiver: Receiver;
  let token: string;
  beforeAll(async () => {
    [world, receiver] = await Promise.all([openWorld(engine, { through: withoutFirstWall }), startReceiver()]);
    ids = { ...(await idsOf(world)), ...(await watch(world.service, receiver)) };
    token = await signToken({ tid: "33333333-3333-4333-8333-333333333333", roles: permissions });
  });
  afterAll(async () => {
    await world.service[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  const send = (offer: (typeof offers)[number]): Promise<Answer> => {
    const { method, path, body, headers } = requestOf(offer, ids);
    return world.service.send(method, path, { token, headers, ...(body === undefined ? {} : { body }) });
  };

  if (engine === "sqlite") {
    test("there is no second wall: another partner is shown what is not his", async () => {
      const answers = await Promise.all(reading.map(send));

      const shown = answers.filter(({ text = "" }) => Object.values(ids).some((id) => text.includes(id)));
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(shown.length).toBeGreaterThan(reading.length / 2);
    });
    return;
  }

  test.each(reading)("$method $path shows another partner nothing, as row-level security holds", async (offer) => {
    const { status, json, text = "" } = await send(offer);

    expect(status).toBe(isKeyed(offer) ? 404 : 200);
    if (offer.answers.result === "count" && !isKeyed(offer)) expect(text).toBe("0");
    if (!isKeyed(offer) && json?.value !== undefined) expect(json.value).toEqual([]);
  });

  test.each(keyedWriting)("$method $path changes nothing of another partner's", async (offer) => {
    const before = await world.service.changes();

    const { status } = await send(offer);

    expect(status).toBe(404);
    expect(await world.service.changes()).toEqual(before);
  });
});

describe("a role of PostgreSQL", () => {
  test("that passes row-level security is refused, and the message says what to do", async () => {
    await using storage = await createStorage("postgres");
    const flags = ["--data-dir", storage.directory, "--database-url", superuserUrl(storage.flags.at(-1) ?? "")];

    const keys = join(storage.directory, "keys");
    writeFileSync(keys, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
    const issuer = ["--issuer", "https://issuer.example", "--audience", "urn:tenantry", "--credential-keys-file", keys];

    const { code, err } = await runCommand(["serve", "--port", "0", ...flags, ...issuer]);

    expect(code).toBe(2);
    expect(err).toMatch(/is a superuser or has BYPASSRLS, .* ordinary role: docs\/postgresql\.md/);
  });

  test("that passes row-level security is warned of in development mode", async () => {
    await using storage = await createStorage("postgres");
    const url = superuserUrl(storage.flags.at(-1) ?? "");
    const flags = ["--data-dir", storage.directory, "--database-url", url, "--log-level", "warn"];
    await using server = await startProcess(flags);

    const { err } = await server.end("SIGTERM");

    expect(err).toMatch(/"level":40.*is a superuser or has BYPASSRLS/);
    expect(err).not.toContain(new URL(url).password || "no password");
  });

  test("that may not make tables serves what another has migrated, and cannot change the tables", async () => {
    const { url, template } = inject("postgres");
    const created = await createDatabase(url, { template });
    await using storage = await createStorage("sqlite");
    const role = await createOrdinaryRole(url, created);
    await using server = await startProcess(["--data-dir", storage.directory, "--database-url", role.url]);

    const opened = await server.send("POST", "/v1.0/customerCreationOperations", { domain: "a.onmicrosoft.com" });
    const listed = await server.send("GET", "/v1.0/customerCreationOperations/delta");
    await server.end("SIGTERM");
    const altered = await role.query(`alter table "customers" disable row level security`).catch(String);
    await created.drop();
    await role.drop();

    expect([opened.status, listed.status]).toEqual([201, 200]);
    expect(altered).toMatch(/must be owner of table customers/);
  });
});

/** The URL of a database for the superuser of its server. */
function superuserUrl(url: string): string {
  const superuser = new URL(inject("postgres").url);
  superuser.pathname = new URL(url).pathname;
  return superuser.href;
}

/** Makes of every comparison with the partner one that holds for all. */
function withoutFirstWall(database: Database): Database {
  const open = (statement: Statement): Statement => ({
    ...statement,
    texts: statement.texts.map((text) => text.replace(/(?:"?\w+"?\.)?"partnerId" = $/, "'' <> ")),
  });
  return {
    ...database,
    read: (scope, statement) => database.read(scope, open(statement)),
    write: (scope, statements) => database.write(scope, statements.map(open)),
  };
}
