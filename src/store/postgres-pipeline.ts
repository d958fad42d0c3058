import { Socket } from "node:net";
import pg from "pg";
import type { DatabaseLoad } from "../telemetry/metrics.ts";
import type { Row, Scope } from "./database.ts";
import {
  connectionOptions,
  type Patience,
  refuseData,
  rowsOf,
  sqlState,
  translate,
  unreachable,
} from "./postgres-query.ts";

const clientsMax = 4;
const attemptsMax = 5;

/** A few long-lived connections, each with many statements on their way. */
export interface Pipeline {
  /** Runs a query that changes nothing. */
  read(scope: Scope, query: pg.QueryConfig): Promise<readonly Row[]>;
  /** Runs queries in one transaction and one round trip, and gives the rows of each. */
  write(scope: Scope, queries: readonly pg.QueryConfig[]): Promise<readonly (readonly Row[])[]>;
  load(): DatabaseLoad;
  close(): Promise<void>;
}

/** A connection that is never given back: everyone sends down it, and the answers come in the order of the questions. */
interface PipelinedClient {
  readonly connection: pg.Client;
  readonly socket: Socket;
  readonly ready: Promise<unknown>;
  /** For whom the session runs now; undefined: for nobody, so that no partner's row can be seen. */
  scope: Scope | undefined;
  pending: number;
}

const begin = { text: "begin" };
const commit = { text: "commit" };
const setScope = { name: "scope", text: `select set_config('tenantry.partner', $1, false)` };

/** Opens the connections to a PostgreSQL server, each when it is needed. */
export function openPipeline(url: string, patience: Patience): Pipeline {
  const clients: PipelinedClient[] = [];

  function leastBusy(): PipelinedClient {
    const idle = clients.find((client) => client.pending === 0);
    if (idle !== undefined) return idle;
    if (clients.length < clientsMax) return connect(url, patience, clients);
    return clients.reduce((least, client) => (client.pending < least.pending ? client : least));
  }

  return {
    async read(scope, query) {
      const [result] = await refuseData(() => retryPassing(() => send(leastBusy(), scope, [query])));
      return rowsOf(result);
    },
    async write(scope, queries) {
      const results = await retryPassing(() => send(leastBusy(), scope, [begin, ...queries, commit]));
      return results.slice(1, -1).map(rowsOf);
    },
    load: () => ({
      connections: clients.length,
      pending: clients.reduce((sum, client) => sum + client.pending, 0),
    }),
    async close() {
      await Promise.all(clients.splice(0).map((client) => client.connection.end()));
    },
  };
}

/** Sends queries back to back on one connection, as the scope given. */
async function send(
  client: PipelinedClient,
  scope: Scope,
  queries: readonly pg.QueryConfig[],
): Promise<readonly pg.QueryResult[]> {
  client.pending++;
  try {
    await client.ready;
    const scoping = client.scope === scope ? [] : [{ ...setScope, values: [scope] }];
    client.scope = scope;
    // All of them leave in one packet: a call of the system for each costs more than what is in it.
    client.socket.cork();
    const sent = [...scoping, ...queries].map((query) => client.connection.query(query));
    client.socket.uncork();
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

function connect(url: string, patience: Patience, clients: PipelinedClient[]): PipelinedClient {
  const socket = new Socket();
  const connection = new pg.Client({ ...connectionOptions(url, patience), pipeline: true, stream: () => socket });
  const ready = connection.connect().catch((error: unknown) => {
    forget();
    throw unreachable(error);
  });
  const client: PipelinedClient = { connection, socket, ready, scope: undefined, pending: 0 };
  clients.push(client);
  function forget(): void {
    const index = clients.indexOf(client);
    if (index >= 0) clients.splice(index, 1);
  }
  connection.on("error", forget);
  connection.on("end", forget);
  return client;
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
