import { type Database, everyPartner, type Scope } from "../../src/store/database.ts";
import { printStatement } from "../../src/store/dialect.ts";
import { formFinder, queryTogether } from "../../src/store/postgres-query.ts";
import { raw, type Statement, sql, type Value } from "../../src/store/sql.ts";
import type { Json } from "./service.ts";

/** A statement as the service sends it, and for whom. */
export interface Sent {
  readonly scope: Scope;
  readonly statement: Statement;
  readonly kind: "read" | "write";
}

/** What an engine does for a statement. */
export interface Plan {
  /** The steps as the engine names them. */
  readonly steps: readonly string[];
  /** The tables that are read from end to end. */
  readonly scanned: readonly string[];
  /** How many rows are put in order. */
  readonly sorted: number;
  /** How many rows are looked at, where the engine tells. */
  readonly read: number;
}

/**
 * Explains a statement in each way in which the engine may carry it out: PostgreSQL plans for its values or for any, and
 * runs it by itself or, when it is made for that, for many sets of values at once.
 */
export async function explain(database: Database, sent: Sent): Promise<readonly Plan[]> {
  if (database.dialect.engine === "sqlite") return [await explainOnSqlite(database, sent)];
  const { statement } = sent;
  const alone = { text: printStatement(database.dialect, statement), values: statement.values };
  const plans = [
    await explainOnPostgres(database, sent, alone, "force_custom_plan"),
    await explainOnPostgres(database, sent, alone, "force_generic_plan"),
  ];
  if (find(statement.texts).together === undefined) return plans;
  const together = queryTogether(find, [statement, statement]);
  const plan = await explainOnPostgres(database, sent, together, "force_generic_plan");
  // Each of many sets is looked up by its key: to read all of an index is a scan as well.
  return [...plans, { ...plan, scanned: [...plan.scanned, ...plan.keyless] }];
}

const find = formFinder();

async function explainOnSqlite(database: Database, { statement }: Sent): Promise<Plan> {
  const rows = await database.read(everyPartner, sql`${raw("explain query plan ")}${statement}`);
  const steps = rows.map(({ detail }) => String(detail));
  // What a statement makes itself is small; a table of ours has a name or an alias of its own.
  const scanned = steps.filter((step) => /^SCAN (?!taken|held|CONSTANT ROW|lanes)/.test(step));
  return { steps, scanned, sorted: steps.some((step) => step.includes("TEMP B-TREE")) ? Infinity : 0, read: 0 };
}

// Where a table is in partitions, the plan names those of the table and of its index.
const parents = `select c.relname as "child", p.relname as "parent" from pg_inherits as i
  join pg_class as c on c.oid = i.inhrelid join pg_class as p on p.oid = i.inhparent`;

class Undone extends Error {}

/** A plan of PostgreSQL, and the indexes that it reads from end to end. */
type Explained = Plan & { readonly keyless: readonly string[] };

// A statement that is prepared by name has a plan for any values after some runs, and it may be another.
async function explainOnPostgres(
  database: Database,
  { scope, kind }: Sent,
  { text, values }: { readonly text: string; readonly values: readonly Value[] },
  mode: string,
): Promise<Explained> {
  const literals = values.length === 0 ? "" : `(${values.map(printLiteral).join(", ")})`;
  const options = kind === "read" ? "analyze, timing off, summary off, format json" : "format json";
  let plan: Json;
  let names = new Map<Json, string>();
  try {
    await database.transaction(scope, async (within) => {
      const run = (command: string) => within.read(scope, raw(command));
      names = new Map((await run(parents)).map(({ child, parent }) => [child, String(parent)]));
      await run(`set local plan_cache_mode = ${mode}`);
      await run(`prepare "explained" as ${text}`);
      const [row] = await run(`explain (${options}) execute "explained"${literals}`);
      await run(`deallocate "explained"`);
      plan = row?.["QUERY PLAN"];
      throw new Undone();
    });
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
  const nodes = nodesOf(plan[0]["Plan"]);
  return {
    steps: nodes.map((node) => {
      const name = node["Index Name"] ?? node["Relation Name"] ?? "";
      return `${node["Node Type"]} ${names.get(name) ?? name}`.trim();
    }),
    scanned: nodes.filter((node) => node["Node Type"].endsWith("Seq Scan")).map((node) => node["Relation Name"]),
    keyless: nodes
      .filter((node) => node["Node Type"].startsWith("Index") && node["Index Cond"] === undefined)
      .map((node) => node["Index Name"]),
    sorted: Math.max(0, ...nodes.filter((node) => node["Node Type"].endsWith("Sort")).map(rowsIn)),
    read: nodes.filter((node) => node["Relation Name"] !== undefined).reduce((sum, node) => sum + rowsOf(node), 0),
  };
}

function nodesOf(node: Json): readonly Json[] {
  return [node, ...(node["Plans"] ?? []).flatMap(nodesOf)];
}

function rowsIn(sort: Json): number {
  return Math.max(...sort["Plans"].map((input: Json) => input["Actual Rows"] ?? input["Plan Rows"]));
}

function rowsOf(node: Json): number {
  const { "Actual Rows": found = 0, "Actual Loops": loops = 1, "Rows Removed by Filter": removed = 0 } = node;
  return (found + removed) * loops;
}

function printLiteral(value: Value): string {
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}
