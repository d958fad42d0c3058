import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import pg from "pg";
import { Problem } from "../model/problem.ts";
import { type Row, UniqueViolation } from "./database.ts";
import { postgresDialect, printStatement } from "./dialect.ts";
import type { Statement } from "./sql.ts";

const statementsMax = 500;
const connectMillisecondsMax = 5_000;
const statementMillisecondsMax = 10_000;
// A server that has fallen silent is given up a little later than the server itself gives up a statement.
const silenceMillisecondsMax = 12_000;

/**
 * Every statement has an index whose order is the one that it asks for. A plan that is made once for all partners must
 * not read the whole table, or a partner's whole share to sort it, because most partners are small.
 */
const planning = "-c enable_seqscan=off -c enable_bitmapscan=off -c jit=off";

/** How long statements may take: as long as a request may wait, or, for migrations, as long as they need. */
export type Patience = "bounded" | "unbounded";

/** The names under which statements are prepared, by their texts. */
export type QueryNames = LRUCache<string, string>;

/** Makes an empty table of names, which keeps those that were used last. */
export function queryNames(): QueryNames {
  return new LRUCache({ max: statementsMax });
}

/** What every connection has in common. */
export function connectionOptions(url: string, patience: Patience) {
  return {
    connectionString: url,
    application_name: "tenantry",
    options: planning,
    connectionTimeoutMillis: connectMillisecondsMax,
    ...(patience === "bounded"
      ? { statement_timeout: statementMillisecondsMax, query_timeout: silenceMillisecondsMax }
      : {}),
    keepAlive: true,
  } as const;
}

/** Prints a statement as a query that the server prepares once per connection. */
export function printQuery(names: QueryNames, statement: Statement): pg.QueryConfig {
  const text = printStatement(postgresDialect, statement);
  let name = names.get(text);
  if (name === undefined) {
    name = createHash("sha256").update(text).digest("base64url");
    names.set(text, name);
  }
  return { name, text, values: [...statement.values] };
}

/** The refusal of a request whose database cannot be reached before anything was sent to it. */
export function unreachable(cause: unknown): Problem {
  const message = "The service cannot reach its database at this moment. Nothing was changed; try again.";
  return new Problem("serviceNotAvailable", message, { cause, headers: { "Retry-After": "5" } });
}

/** The error as the engines have it in common, or as it is. */
export function translate(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError) || error.code !== "23505") return error;
  // Of a table in partitions it is one of these, such as "repeatability_p3" (deploy/partition.sql).
  return new UniqueViolation(error, error.table?.replace(/_p\d+$/, ""));
}

/** The code of an error of the server; undefined: it is not one. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** The rows of an answer. */
export function rowsOf(result: pg.QueryResult | undefined): readonly Row[] {
  return result?.rows ?? [];
}

/** Refuses a question that cannot be answered for its own values: class 22 is "data exception", such as an overflow. */
export async function refuseData<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (sqlState(error)?.startsWith("22") !== true) throw error;
    const message = "The expression cannot be evaluated: one of its values is out of range.";
    throw new Problem("invalidQueryOption", message, { cause: error });
  }
}
