import pg from "pg";
import type { OpenDatabase, Scope } from "./database.ts";
import { postgresDialect } from "./dialect.ts";
import {
  connectionOptions,
  type Patience,
  printQuery,
  type QueryNames,
  queryNames,
  refuseData,
  rowsOf,
  sqlState,
  translate,
  unreachable,
} from "./postgres-query.ts";
import { openTransactions } from "./postgres-transactions.ts";
import type { Statement } from "./sql.ts";

const clientsMax = 4;
const attemptsMax = 5;

/** A connection that is never given back: everyone sends down it, and the answers come in the order of the questions. */
interface PipelinedClient {
  readonly connection: pg.Client;
  readonly ready: Promise<unknown>;
  /** For whom the session runs now; undefined: for nobody, so that no partner's row can be seen. */
  scope: Scope | undefined;
  pending: number;
}

/** Opens a PostgreSQL server by its URL: a few long-lived connections, each with many statements on their way. */
export function openPostgres(url: string, patience: Patience = "bounded"): OpenDatabase {
  const clients: PipelinedClient[] = [];
  const names = queryNames();
  const transactions = openTransactions(url, names);

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
    transaction: transactions.run,
    load() {
      const { connections, pending } = transactions.load();
      const pipelined = clients.reduce((sum, client) => sum + client.pending, 0);
      return { connections: connections + clients.length, pending: pending + pipelined };
    },
    async close() {
      await transactions.close();
      await Promise.all(clients.splice(0).map((client) => client.connection.end()));
    },
  };
}

function connect(url: string, patience: Patience, clients: PipelinedClient[]): PipelinedClient {
  const connection = new pg.Client({ ...connectionOptions(url, patience), pipeline: true });
  const ready = connection.connect().catch((error: unknown) => {
    forget();
    throw unreachable(error);
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

function queryOf(names: QueryNames, each: Statement | string): pg.QueryConfig {
  return typeof each === "string" ? { text: each } : printQuery(names, each);
}

function valueOrThrow<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

/**
 * The faults after which PostgreSQL has rolled the whole transaction back, and which a second attempt does not meet:
 * 26000: the first use of a named statement fell into a transaction that failed, so that those who count on it behind
 * on the same connection find it not prepared; 42P05: or prepared by another of them meanwhile; 40P01: a deadlock was broken; 40001: a conflict of snapshots.
 */
const passingStates = ["26000", "42P05", "40P01", "40001"];

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
