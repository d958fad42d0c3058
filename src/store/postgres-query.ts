import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import pg from "pg";
import { Problem } from "../model/problem.ts";
import { type Row, UniqueViolation } from "./database.ts";
import { postgresDialect, printStatement } from "./dialect.ts";
import type { Sending } from "./postgres-exchange.ts";
import { printTogether, type Together, valuesTogether } from "./postgres-together.ts";
import type { Statement } from "./sql.ts";

const statementsMax = 500;
const connectMillisecondsMax = 5_000;
const statementMillisecondsMax = 10_000;
/** A server that has fallen silent is given up a little later than the server itself gives up a statement. */
export const silenceMillisecondsMax = 12_000;

/**
 * Every statement has an index whose order is the one that it asks for. A plan that is made once for all partners, or
 * while a table is small, must not read the whole table, or a partner's whole share to sort or to hash it.
 */
const planning = [
  "enable_seqscan=off",
  "enable_bitmapscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
  "jit=off",
];

/** How long statements may take: as long as a request may wait, or, for migrations, as long as they need. */
export type Patience = "bounded" | "unbounded";

/**
 * How plans are made: once for any values, or, where that seems better to PostgreSQL, for those of each run. What is looked
 * up by keys has one good plan, and to make it costs more than to carry it out.
 */
export type Planning = "once" | "asSeemsBest";

/** How a statement is sent, so that the server prepares it once per connection. */
interface Form {
  readonly name: string;
  readonly text: string;
}

/** The forms of a statement: for one set of values, and for many at once, if it is made for that; these are numbered. */
interface Forms extends Form {
  readonly together: (Form & Together & { readonly number: number }) | undefined;
}

/** Gives the forms of the statements that have these texts. */
export type FindForms = (texts: readonly string[]) => Forms;

/** Makes what finds the forms of statements; of texts that are the same array they are worked out once. */
export function formFinder(): FindForms {
  const known = new WeakMap<readonly string[], Forms>();
  const names = new LRUCache<string, string>({ max: statementsMax });
  let numbers = 0;

  function nameOf(text: string): string {
    let name = names.get(text);
    if (name === undefined) {
      name = hash("sha256", text, "base64url");
      names.set(text, name);
    }
    return name;
  }

  return (texts) => {
    let forms = known.get(texts);
    if (forms === undefined) {
      const text = printStatement(postgresDialect, { texts, values: [] });
      const together = printTogether(texts);
      const named =
        together === undefined ? undefined : { ...together, name: nameOf(together.text), number: numbers++ };
      forms = { name: nameOf(text), text, together: named };
      known.set(texts, forms);
    }
    return forms;
  };
}

/** What every connection has in common. */
export function connectionOptions(url: string, patience: Patience, planned: Planning) {
  const settings = planned === "once" ? [...planning, "plan_cache_mode=force_generic_plan"] : planning;
  return {
    connectionString: url,
    application_name: "tenantry",
    options: settings.map((setting) => `-c ${setting}`).join(" "),
    connectionTimeoutMillis: connectMillisecondsMax,
    ...(patience === "bounded" ? { statement_timeout: statementMillisecondsMax } : {}),
    keepAlive: true,
  } as const;
}

/** Makes the query of a statement. */
export function queryOf(find: FindForms, { texts, values, take }: Statement): Sending {
  const { name, text } = find(texts);
  return { name, text, values, take };
}

/** Makes the query of statements that have the same texts, for all of them at once. */
export function queryTogether(find: FindForms, sets: readonly Statement[]): Sending {
  const [first] = sets;
  const together = first === undefined ? undefined : find(first.texts).together;
  if (together === undefined) throw new Error("The statement is not made for many sets of values.");
  return { name: together.name, text: together.text, values: valuesTogether(together, sets) };
}

/** The refusal of a request whose database cannot be reached before anything was sent to it. */
export function unreachable(cause: unknown): Problem {
  const message = "The service cannot reach its database at this moment. Nothing was changed; try again.";
  return new Problem("serviceNotAvailable", message, { cause, headers: { "Retry-After": "5" } });
}

/** The error as the engines have it in common, or as it is. */
export function translate(error: unknown): unknown {
  if (isLost(error)) return lost(error);
  if (!(error instanceof pg.DatabaseError) || error.code !== "23505") return error;
  // Of a table in partitions it is one of these, such as "repeatability_p3" (deploy/partition.sql).
  return new UniqueViolation(error, error.table?.replace(/_p\d+$/, ""));
}

// A session that the server ends says so with FATAL, and one that ends without a word is an error of pg or of the system.
function isLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.severity === "FATAL" || error.severity === "PANIC";
  if (!(error instanceof Error)) return false;
  return (
    "syscall" in error || /^(?:Connection terminated|Client .*not queryable|Query read timeout)/.test(error.message)
  );
}

function lost(cause: unknown): Problem {
  const message =
    "The service lost its database while it carried out the request, and whether anything was changed is not known. " +
    "Send it again with the same Repeatability-Request-ID, or look first.";
  return new Problem("serviceNotAvailable", message, { cause, headers: { "Retry-After": "5" } });
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

/** Tells whether a transaction that failed so was rolled back for certain: the server goes on, and has said so. */
export function isRolledBack(error: unknown): boolean {
  return error instanceof UniqueViolation || (error instanceof pg.DatabaseError && error.severity === "ERROR");
}
