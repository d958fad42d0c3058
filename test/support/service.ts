import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { uuidv7 } from "uuidv7";
import { inject } from "vitest";
import type { Reach } from "../../src/notify/addresses.ts";
import { openMessenger, type Resolve } from "../../src/notify/messenger.ts";
import { odataNotation } from "../../src/odata/notation.ts";
import { limits } from "../../src/onboarding/limits.ts";
import type { Context } from "../../src/onboarding/offer.ts";
import { openedOperations } from "../../src/onboarding/opened.ts";
import type { Provisioner } from "../../src/onboarding/provisioner.ts";
import { openPublisher } from "../../src/onboarding/publisher-key.ts";
import { quotas } from "../../src/onboarding/quotas.ts";
import { keyBytes, openVault } from "../../src/onboarding/vault.ts";
import { localProvisioner } from "../../src/provisioners/local.ts";
import { authenticator } from "../../src/server/authenticate.ts";
import { type Handle, service } from "../../src/server/handle.ts";
import { openChangeLog } from "../../src/store/change-log.ts";
import { type Database, everyPartner } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import { raw } from "../../src/store/sql.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { openMetrics } from "../../src/telemetry/metrics.ts";
import { type Loop, startLoop } from "../../src/work/loop.ts";
import { guarded } from "./partner-guard.ts";
import { createDatabase } from "./postgres.ts";
import { watchedLog } from "./watched-log.ts";

/** The engines that the same tests run on. */
export const engines = ["sqlite", "postgres"] as const;
export type Engine = (typeof engines)[number];

export const origin = "http://127.0.0.1:8080";
export const issuer = "https://issuer.example/";
export const audience = "urn:tenantry:test";
export const partner = "11111111-1111-4111-8111-111111111111";
export const otherPartner = "22222222-2222-4222-8222-222222222222";

/** The key that the credentials of test services are sealed with. */
export const vaultKey = randomBytes(keyBytes);

/** A body whose fields a test may look into as it likes. */
// biome-ignore lint/suspicious/noExplicitAny: a test asserts the shape of what it reads.
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; undefined when there is none. */
  readonly text: string | undefined;
  /** The body as JSON; undefined when there is none or it is no JSON. */
  readonly json: Json;
}

export interface Sending {
  /** An object is sent as JSON with its content type; text and bytes are sent as they are, with none. */
  readonly body?: object | string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** By default a token of `partner` with every permission; null sends none. */
  readonly token?: string | null;
}

/** The service in this process, on a real database of its own. */
export interface Service extends AsyncDisposable {
  readonly context: Context;
  readonly database: Database;
  /** Sends a request to a path under `/v1.0`; a path that begins with `!` is taken as it is behind the mark. */
  send(method: string, path: string, sending?: Sending): Promise<Answer>;
  get(path: string, sending?: Sending): Promise<Answer>;
  post(path: string, body?: Sending["body"], sending?: Sending): Promise<Answer>;
  patch(path: string, body?: Sending["body"], sending?: Sending): Promise<Answer>;
  delete(path: string, sending?: Sending): Promise<Answer>;
  /** Every line that was logged, at any level. */
  readonly logged: readonly string[];
  /** Every change so far, as `customers created`, in order. */
  changes(): Promise<readonly string[]>;
  /** Moves the clock of the service. */
  advance(seconds: number): void;
  /** Runs SQL that changes nothing, as the server itself. */
  rows(text: string): Promise<readonly Json[]>;
}

/** Starts the service on an engine. The work loop runs only when it is asked for. */
export async function startService(
  engine: Engine,
  options: {
    readonly work?: boolean;
    readonly provisioner?: Provisioner;
    readonly limits?: Partial<Context["limits"]>;
    readonly profile?: Context["profile"];
    readonly validation?: Partial<Context["validation"]>;
    /** To which receivers notifications may go; by default those of this machine too. */
    readonly reach?: Reach;
    /** Stands for the resolver of names. */
    readonly resolve?: Resolve;
    /** Takes every line of the log; otherwise errors are printed. */
    readonly log?: (line: string) => void;
    /** Stands for the present; then `advance` does nothing. */
    readonly clock?: () => string;
    /** Keeps an embedded database in memory, where the machine has such a place: for tests of very many steps. */
    readonly inMemory?: boolean;
    /** Puts something between the service and its database, such as a failure. */
    readonly through?: (database: Database) => Database;
  } = {},
): Promise<Service> {
  const opened = await openDatabase(engine, options.inMemory === true);
  const database = options.through?.(opened.database) ?? opened.database;
  let shift = 0;
  let loop: Loop | undefined;
  const clock = options.clock ?? (() => new Date(Date.now() + shift).toISOString());
  const watched = watchedLog(options.log);
  // Tests ask as often as they like, unless they are about that.
  const allowed = { ...limits, requestsPerMinuteMax: 1_000_000_000, ...options.limits };
  const vault = openVault([vaultKey]);
  const context: Context = {
    database: guarded(database),
    clock,
    newId: uuidv7,
    log: watched.log,
    limits: allowed,
    quotas: quotas({ database: guarded(database), clock, limits: allowed }),
    opened: openedOperations(database),
    ...(await openChangeLog(opened.database)),
    domainSuffixes: ["onmicrosoft.com"],
    profile: options.profile ?? "graph",
    validation: { level: "documented", blockedEmailDomains: ["microsoft.com"], ...options.validation },
    vault,
    messenger: openMessenger(options.reach ?? { networks: [], loopback: true }, options.resolve),
    notation: odataNotation(`${origin}/v1.0`),
    publisher: openPublisher({ database, vault, clock, newId: uuidv7 }, origin),
    nudge: () => loop?.nudge(),
    metrics: openMetrics(),
    isEnding: () => false,
  };
  const handle = service(
    context,
    authenticator([{ issuer, audiences: [audience], keys: { jwks: (await keys).jwks } }]),
  );
  const provisioner = options.provisioner ?? localProvisioner({ database: context.database, clock, newId: randomUUID });
  if (options.work === true) loop = startLoop({ context, provisioner });
  const send = (method: string, path: string, sending?: Sending) => sendTo(handle, method, path, sending);
  return {
    context,
    database,
    logged: watched.lines,
    send,
    get: (path, sending) => send("GET", path, sending),
    post: (path, body, sending) => send("POST", path, { ...sending, ...(body === undefined ? {} : { body }) }),
    patch: (path, body, sending) => send("PATCH", path, { ...sending, ...(body === undefined ? {} : { body }) }),
    delete: (path, sending) => send("DELETE", path, sending),
    advance: (seconds) => {
      shift += seconds * 1000;
    },
    rows: (text) => database.read(everyPartner, raw(text)),
    async changes() {
      const rows = await database.read(everyPartner, raw(`select * from "changes" order by "position"`));
      return rows.map((row) => `${row["entitySet"]} ${row["changeType"]}`);
    },
    async [Symbol.asyncDispose]() {
      await loop?.close();
      await database.close();
      await opened.remove();
      watched.assertClean();
    },
  };
}

/** Signs a token of the test issuer; claims that are given replace those of an ordinary token. */
export async function signToken(claims: JWTPayload = {}, header: { readonly alg?: string } = {}): Promise<string> {
  const { privateKey } = await keys;
  const now = Math.floor(Date.now() / 1000);
  const ordinary = {
    iss: issuer,
    aud: audience,
    tid: partner,
    azp: "test",
    roles: ["Customer.ReadWrite.All", "AuditEvent.Read.All"],
    iat: now,
    exp: now + 3600,
  };
  return new SignJWT({ ...ordinary, ...claims })
    .setProtectedHeader({ alg: "ES256", kid: "test", ...header })
    .sign(privateKey);
}

/** Waits until something holds, asking again and again: soon at first, as most of what is waited for is about to be. */
export async function eventually<T>(ask: () => Promise<T | undefined>, secondsMax = 20): Promise<T> {
  const deadline = Date.now() + secondsMax * 1000;
  for (let pause = 1; Date.now() < deadline; pause = Math.min(2 * pause, 20)) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`It did not come about within ${secondsMax} seconds.`);
}

/** A domain that no other test has. */
export function newDomain(): string {
  return `t${randomUUID().replaceAll("-", "").slice(0, 20)}.onmicrosoft.com`;
}

/** The public key of the test issuer, and the private one that signs. */
export const keys = makeKeys();

async function makeKeys() {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  return { privateKey, publicKey, jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: "ES256", kid: "test" }] } };
}

let ordinaryToken: Promise<string> | undefined;

async function sendTo(handle: Handle, method: string, path: string, sending: Sending = {}): Promise<Answer> {
  ordinaryToken ??= signToken();
  const token = sending.token === undefined ? await ordinaryToken : sending.token;
  const { body } = sending;
  const isJson = typeof body === "object" && !(body instanceof Uint8Array);
  const bytes =
    body === undefined || body instanceof Uint8Array
      ? body
      : new TextEncoder().encode(isJson ? JSON.stringify(body) : String(body));
  const response = await handle({
    method,
    origin,
    url: path.startsWith("!") ? path.slice(1) : `/v1.0${path}`,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(isJson ? { "content-type": "application/json" } : {}),
      ...sending.headers,
    },
    ...(bytes === undefined ? {} : { body: bytes }),
  });
  return { status: response.status, headers: response.headers, text: response.body, json: parse(response.body) };
}

function parse(text: string | undefined): Json {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const memoryDirectory = "/dev/shm";

async function openDatabase(
  engine: Engine,
  inMemory: boolean,
): Promise<{ readonly database: Database; remove(): Promise<void> }> {
  if (engine === "sqlite") {
    const parent = inMemory && existsSync(memoryDirectory) ? memoryDirectory : tmpdir();
    const directory = mkdtempSync(join(parent, "tenantry-test-"));
    const database = openSqlite(directory);
    await migrate(database, new Date().toISOString());
    return { database, remove: async () => rmSync(directory, { recursive: true }) };
  }
  const { url, template } = inject("postgres");
  const created = await createDatabase(url, { template });
  return { database: openPostgres(created.url), remove: () => created.drop() };
}
