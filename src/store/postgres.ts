import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import pg from "pg";
import { Problem } from "../model/problem.ts";
import { type Database, type Row, type Scope, UniqueViolation } from "./database.ts";
import { postgresDialect, printStatement } from "./dialect.ts";
import type { Statement } from "./sql.ts";

const clientsMax = 4;
const statementsMax = 500;
const attemptsMax = 5;
const connectMillisecondsMax = 5_000;
const statementMillisecondsMax = 10_000;
// A server that has fallen silent is given up a little later than the server itself gives up a statement.
const silenceMillisecondsMax = 12_000;

/** A connection that is never given back: everyone sends down it, and the answers come in the order of the questions. */
interface PipelinedClient {
  readonly connection: pg.Client;
  readonly ready: Promise<unknown>;
  /** For whom the session runs now; undefined: for nobody, so that no partner's row can be seen. */
  scope: Scope | undefined;
  pending: number;
}

/** How long statements may take: as long as a request may wait, or, for migrations, as long as they need. */
export type Patience = "bounded" | "unbounded";

/** Opens a PostgreSQL server by its URL: a few long-lived connections, each with many statements on their way. */
export function openPostgres(url: string, patience: Patience = "bounded"): Database {
  const clients: PipelinedClient[] = [];
  const names = new LRUCache<string, string>({ max: statementsMax });

  function leastBusy(): PipelinedClient {
    const idle = clients.find((client) => client.pending === 0);
    if (idle !== undefined) return idle;
    if (clients.length < clientsMax) return connect(url, patience, clients);
    return clients.reduce((least, client) => (client.pending < least.pending ? client : least));
  }

  /** Sends the statements back to back on one connection, as the scope given. */
  async function send(scope: Scope, texts: readonly (Statement | string)[]): Promise<readonly pg.QueryResult[]> {
    const client = leastBusy();
    client.pending++;
    try {
      await client.ready;
      const scoping = client.scope === scope ? [] : [`select set_config('tenantry.partner', $1, false)`];
      client.scope = scope;
      const sent = scoping.map((text) => client.connection.query({ name: "scope", text, values: [scope] }));
      sent.push(...texts.map((each) => client.connection.query(queryOf(names, each))));
      const settled = await Promise.allSettled(sent);
      return settled.map(valueOrThrow).slice(scoping.length);
    } catch (error) {
      // Whoever uses the connection next says again for whom.
      client.scope = undefined;
      throw translate(error);
    } finally {
      client.pending--;
    }
  }

  return {
    dialect: postgresDialect,
    async read(scope, statement) {
      const [result] = await refuseData(() => retryPassing(() => send(scope, [statement])));
      return rowsOf(result);
    },
    async write(scope, statements) {
      const results = await retryPassing(() => send(scope, ["begin", ...statements, "commit"]));
      return results.slice(1, -1).map(rowsOf);
    },
    async close() {
      await Promise.all(clients.splice(0).map((client) => client.connection.end()));
    },
  };
}

function connect(url: string, patience: Patience, clients: PipelinedClient[]): PipelinedClient {
  const connection = new pg.Client({
    connectionString: url,
    application_name: "tenantry",
    connectionTimeoutMillis: connectMillisecondsMax,
    ...(patience === "bounded"
      ? { statement_timeout: statementMillisecondsMax, query_timeout: silenceMillisecondsMax }
      : {}),
    keepAlive: true,
    pipeline: true,
  });
  const ready = connection.connect().catch((error: unknown) => {
    forget();
    const message = "The service cannot reach its database at this moment. Nothing was changed; try again.";
    throw new Problem("serviceNotAvailable", message, { cause: error, headers: { "Retry-After": "5" } });
  });
  const client: PipelinedClient = { connection, ready, scope: undefined, pending: 0 };
  clients.push(client);
  function forget(): void {
    const index = clients.indexOf(client);
    if (index >= 0) clients.splice(index, 1);
  }
  connection.on("error", forget);
  connection.on("end", forget);
  return client;
}

function queryOf(names: LRUCache<string, string>, each: Statement | string): pg.QueryConfig {
  if (typeof each === "string") return { text: each };
  const text = printStatement(postgresDialect, each);
  let name = names.get(text);
  if (name === undefined) {
    name = createHash("sha256").update(text).digest("base64url");
    names.set(text, name);
  }
  return { name, text, values: [...each.values] };
}

function valueOrThrow<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

/**
 * The faults after which PostgreSQL has rolled the whole transaction back, and which a second attempt does not meet:
 * 26000: the first use of a named statement fell into a transaction that failed, so that those who count on it behind
 * on the same connection find it not prepared; 40P01: a deadlock was broken; 40001: a conflict of snapshots.
 */
const passingStates = ["26000", "40P01", "40001"];

async function retryPassing<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; attempts < attemptsMax; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (!passingStates.includes(sqlState(error) ?? "")) throw error;
    }
  }
  return attempt();
}

/** What a question cannot be answered for is in its own values: class 22 is "data exception", such as an overflow. */
async function refuseData<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (sqlState(error)?.startsWith("22") !== true) throw error;
    const message = "The expression cannot be evaluated: one of its values is out of range.";
    throw new Problem("invalidQueryOption", message, { cause: error });
  }
}

function translate(error: unknown): unknown {
  return sqlState(error) === "23505" ? new UniqueViolation(error) : error;
}

function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

function rowsOf(result: pg.QueryResult | undefined): readonly Row[] {
  return result?.rows ?? [];
}
