import { Socket } from "node:net";
import pg from "pg";
import type { OpenDatabase, Row, Scope } from "./database.ts";
import { postgresDialect } from "./dialect.ts";
import { gatherer } from "./gather.ts";
import {
  connectionOptions,
  formFinder,
  isRolledBack,
  type Patience,
  queryOf,
  queryTogether,
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
  readonly socket: Socket;
  readonly ready: Promise<unknown>;
  /** For whom the session runs now; undefined: for nobody, so that no partner's row can be seen. */
  scope: Scope | undefined;
  pending: number;
}

/** Opens a PostgreSQL server by its URL: a few long-lived connections, each with many statements on their way. */
export function openPostgres(url: string, patience: Patience = "bounded"): OpenDatabase {
  const clients: PipelinedClient[] = [];
  const find = formFinder();
  const transactions = openTransactions(url, find);

  function leastBusy(): PipelinedClient {
    const idle = clients.find((client) => client.pending === 0);
    if (idle !== undefined) return idle;
    if (clients.length < clientsMax) return connect(url, patience, clients);
    return clients.reduce((least, client) => (client.pending < least.pending ? client : least));
  }

  /** Sends queries back to back on one connection, as the scope given. */
  async function send(scope: Scope, queries: readonly pg.QueryConfig[]): Promise<readonly pg.QueryResult[]> {
    const client = leastBusy();
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

  async function readOnce(scope: Scope, query: pg.QueryConfig): Promise<readonly Row[]> {
    const [result] = await refuseData(() => retryPassing(() => send(scope, [query])));
    return rowsOf(result);
  }

  async function writeOnce(scope: Scope, queries: readonly pg.QueryConfig[]): Promise<readonly (readonly Row[])[]> {
    const results = await retryPassing(() => send(scope, [begin, ...queries, commit]));
    return results.slice(1, -1).map(rowsOf);
  }

  const read = gatherer<Asked<Statement>, readonly Row[]>({
    alone: ({ scope, asked }) => readOnce(scope, queryOf(find, asked)),
    async together(group) {
      const sets = group.map(({ asked }) => asked);
      return dealOut(sets, await readOnce(scopeOf(group), queryTogether(find, sets)));
    },
    isUndone: isRolledBack,
  });

  const write = gatherer<Asked<readonly Statement[]>, readonly (readonly Row[])[]>({
    alone: ({ scope, asked }) =>
      writeOnce(
        scope,
        asked.map((statement) => queryOf(find, statement)),
      ),
    async together(group) {
      const columns = (group[0]?.asked ?? []).map((_, place) => group.flatMap(({ asked }) => asked[place] ?? []));
      const rows = await writeOnce(
        scopeOf(group),
        columns.map((sets) => queryTogether(find, sets)),
      );
      const dealt = columns.map((sets, place) => dealOut(sets, rows[place] ?? []));
      return group.map((_, index) => dealt.map((each) => each[index] ?? []));
    },
    isUndone: isRolledBack,
  });

  /** Gives the kind of what can be carried out together with its like; undefined: it cannot be. */
  function kindOf(scope: Scope, statements: readonly Statement[]): string | undefined {
    const names = statements.map(({ texts }) => find(texts).together?.name);
    return names.length === 0 || names.includes(undefined) ? undefined : [scope, ...names].join(" ");
  }

  return {
    dialect: postgresDialect,
    read(scope, statement) {
      const kind = kindOf(scope, [statement]);
      if (kind === undefined) return readOnce(scope, queryOf(find, statement));
      return read(kind, { scope, asked: statement });
    },
    write(scope, statements) {
      const kind = kindOf(scope, statements);
      if (kind === undefined)
        return writeOnce(
          scope,
          statements.map((statement) => queryOf(find, statement)),
        );
      return write(kind, { scope, asked: statements });
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

const begin = { text: "begin" };
const commit = { text: "commit" };
const setScope = { name: "scope", text: `select set_config('tenantry.partner', $1, false)` };

/** What someone asks of the database, and for whom. */
interface Asked<T> {
  readonly scope: Scope;
  readonly asked: T;
}

function scopeOf(group: readonly Asked<unknown>[]): Scope {
  const [first] = group;
  if (first === undefined) throw new Error("A group of nothing is for nobody.");
  return first.scope;
}

/** Gives each of the statements that were run together the rows that are known to be its own. */
function dealOut(sets: readonly Statement[], rows: readonly Row[]): readonly (readonly Row[])[] {
  if (rows.length === 0) return sets.map(() => []);
  const column = sets[0]?.rowKey?.column ?? "";
  const byKey = Map.groupBy(rows, (row) => row[column]);
  return sets.map(({ rowKey }) => (rowKey === undefined ? [] : (byKey.get(rowKey.value) ?? [])));
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
