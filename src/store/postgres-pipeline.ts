import { Socket } from "node:net";
import pg from "pg";
import type { DatabaseLoad } from "../telemetry/metrics.ts";
import type { Row, Scope } from "./database.ts";
import { Exchange, type PreparedStatements, preparedStatements, type Sending } from "./postgres-exchange.ts";
import {
  connectionOptions,
  type Patience,
  type Planning,
  refuseData,
  silenceMillisecondsMax,
  sqlState,
  translate,
  unreachable,
} from "./postgres-query.ts";

const clientsMax = 3;
const attemptsMax = 5;
const statementsMax = 500;
const silenceCheckMilliseconds = 1_000;

/** A few long-lived connections, each with many statements on their way. */
export interface Pipeline {
  /** Runs a query that changes nothing. */
  read(scope: Scope, sending: Sending): Promise<readonly Row[]>;
  /** Runs queries in one transaction and one round trip, and gives the rows of each. */
  write(scope: Scope, sendings: readonly Sending[]): Promise<readonly (readonly Row[])[]>;
  load(): DatabaseLoad;
  close(): Promise<void>;
}

/** A connection that is never given back: everyone sends down it, and the answers come in the order of the questions. */
interface PipelinedClient {
  readonly connection: pg.Client;
  readonly socket: Socket;
  readonly ready: Promise<unknown>;
  readonly statements: PreparedStatements;
  /** For whom the session runs now; undefined: for nobody, so that no partner's row can be seen. */
  scope: Scope | undefined;
  pending: number;
  /** When the last answer came, or, if nothing was owed, when the next one was asked for. */
  heard: number;
}

const setScope = { name: "scope", text: `select set_config('tenantry.partner', $1, false)` };

/** Opens the connections to a PostgreSQL server, each when it is needed. */
export function openPipeline(url: string, patience: Patience, planning: Planning): Pipeline {
  const clients: PipelinedClient[] = [];

  function leastBusy(): PipelinedClient {
    const idle = clients.find((client) => client.pending === 0);
    if (idle !== undefined) return idle;
    if (clients.length < clientsMax) return connect(url, patience, planning, clients);
    return clients.reduce((least, client) => (client.pending < least.pending ? client : least));
  }

  return {
    async read(scope, sending) {
      const [rows = []] = await refuseData(() => retryPassing(() => send(leastBusy(), scope, [sending])));
      return rows;
    },
    write: (scope, sendings) => retryPassing(() => send(leastBusy(), scope, sendings)),
    load: () => ({
      connections: clients.length,
      pending: clients.reduce((sum, client) => sum + client.pending, 0),
    }),
    async close() {
      await Promise.all(clients.splice(0).map((client) => client.connection.end()));
    },
  };
}

/** Sends statements in one packet and one transaction, as the scope given. */
async function send(
  client: PipelinedClient,
  scope: Scope,
  sendings: readonly Sending[],
): Promise<readonly (readonly Row[])[]> {
  if (client.pending++ === 0) client.heard = performance.now();
  try {
    await client.ready;
    client.socket.cork();
    // A transaction of its own: undone with one that fails, it would let what is under way behind run for another partner.
    const scoped = client.scope === scope ? undefined : exchange(client, [{ ...setScope, values: [scope] }]);
    client.scope = scope;
    const done = exchange(client, sendings);
    client.socket.uncork();
    const [rows] = await Promise.all([done, scoped]);
    return rows;
  } catch (error) {
    // Whoever uses the connection next says again for whom.
    client.scope = undefined;
    throw translate(error);
  } finally {
    client.pending--;
    client.heard = performance.now();
  }
}

function exchange(
  { connection, statements }: PipelinedClient,
  sendings: readonly Sending[],
): Promise<readonly (readonly Row[])[]> {
  return new Promise((resolve, reject) => {
    const settle = (error: unknown, rows: readonly (readonly Row[])[]) =>
      error === null ? resolve(rows) : reject(error);
    connection.query(new Exchange(sendings, statements, settle));
  });
}

function connect(url: string, patience: Patience, planning: Planning, clients: PipelinedClient[]): PipelinedClient {
  const socket = new Socket();
  const connection = new pg.Client({
    ...connectionOptions(url, patience, planning),
    pipeline: true,
    stream: () => socket,
  });
  const ready = connection.connect().catch((error: unknown) => {
    forget();
    throw unreachable(error);
  });
  const statements = preparedStatements(statementsMax);
  const client: PipelinedClient = { connection, socket, ready, statements, scope: undefined, pending: 0, heard: 0 };
  clients.push(client);
  const watch = patience === "bounded" ? watchSilence(client) : undefined;
  function forget(): void {
    const index = clients.indexOf(client);
    if (index >= 0) clients.splice(index, 1);
    clearInterval(watch);
  }
  connection.on("error", forget);
  connection.on("end", forget);
  return client;
}

/**
 * Breaks a connection off that owes answers and has given none for a while: then all of them fail. One timer looks after
 * the connection. One for each statement, as pg has it, would keep the rows of those that are answered until all of the
 * heap is collected, which was two fifths of the processor time of a page.
 */
function watchSilence(client: PipelinedClient): NodeJS.Timeout {
  const look = () => {
    const isSilent = client.pending > 0 && performance.now() - client.heard > silenceMillisecondsMax;
    if (isSilent) client.socket.destroy(new Error("Query read timeout"));
  };
  return setInterval(look, silenceCheckMilliseconds).unref();
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
