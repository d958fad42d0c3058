import { readFileSync } from "node:fs";
import { type Database, everyPartner, type Scope } from "../../src/store/database.ts";
import type { Statement, Value } from "../../src/store/sql.ts";

/** What the server does for all partners at once, by the beginning of its statement. Whatever else does so is a fault. */
const serverWork: readonly RegExp[] = [
  /^with "taken" as materialized \(\s*select "partnerId", "id" from "customerCreationOperations"\s/,
  /^with "taken" as materialized \(\s*select l."partnerId", l."subscriptionId", l."lane" from "notificationLanes" as l\s/,
  /^select 1 from "notificationLanes" as l\s+where l."lane" = 'changes' and l."dueDateTime" <= /,
  /^select "receiver", count\(\*\) as "subscriptions",/,
  /^select "work", count\(\*\) as "operations",/,
  /^delete from "notificationDeliveries" where \("partnerId", "id"\) in/,
  /^delete from "subscriptions" where \("partnerId", "id"\) in/,
  /^delete from "repeatability" where \("partnerId", "requestId"\) in \(/,
  /^delete from "changes" where \("partnerId", "position"\) in \(/,
  /^delete from "auditEvents" where \("partnerId", "id"\) in \(/,
  // What is past its time is looked for among all, and removed partner by partner.
  /^select "partnerId", "id" from "customers" as c where "deletedDateTime" < /,
  /^select "partnerId", "id" from "customerCreationOperations" as o\s+where "deletedDateTime" < /,
];

/** The tables of partners' data, as the migrations make them. */
export const partnerTables: ReadonlySet<string> = readPartnerTables();

/**
 * Lets statements through to a database, but for those that touch a table of partners' data and do not name the partner
 * for whom they run: these are thrown, so that every test of the suite watches over it (decision D9).
 */
export function guarded(database: Database): Database {
  return {
    ...database,
    read(scope, statement) {
      assertPartner(scope, statement);
      return database.read(scope, statement);
    },
    write(scope, statements) {
      for (const each of statements) assertPartner(scope, each);
      return database.write(scope, statements);
    },
    transaction: (scope, work) => database.transaction(scope, (within) => work(guarded(within))),
  };
}

function assertPartner(scope: Scope, statement: Statement): void {
  const fault = findPartnerFault(scope, statement);
  if (fault !== undefined) throw new Error(`${fault}: ${statement.texts.join("?")}`);
}

/** Says in which way a statement could touch the rows of another partner; undefined: in none. */
export function findPartnerFault(scope: Scope, { texts, values }: Statement): string | undefined {
  const text = texts.map((each, index) => (index === 0 ? each : `⟦${index - 1}⟧${each}`)).join("");
  if (scope === everyPartner && serverWork.some((each) => each.test(text))) return undefined;
  for (const block of blocksOf(text)) {
    const tables = tablesIn(block);
    const unnamed = tables.touched.length - countConditions(block, scope, values);
    if (unnamed > 0) return `${unnamed} of ${tables.touched.join(", ")} lacks the partner`;
    if (tables.inserted.length > 0 && !insertsFor(block, scope, values)) {
      return `${tables.inserted.join(", ")} is given a row that is not the partner's`;
    }
  }
  return undefined;
}

/** Parts a statement into itself and the selects within it, each without those that are within it. */
function blocksOf(text: string): readonly string[] {
  const finished: string[] = [];
  const open: string[] = [""];
  const parentheses: ("select" | "other")[] = [];
  for (const [piece] of text.matchAll(/'(?:[^']|'')*'|\(\s*(?:select|with)\b|[()]|[^'()]+/g)) {
    if (/^\(\s*\w/.test(piece)) {
      parentheses.push("select");
      open.push(piece);
      continue;
    }
    if (piece === "(") parentheses.push("other");
    if (piece === ")" && parentheses.pop() === "select") finished.push(open.pop() ?? "");
    else open.push((open.pop() ?? "") + piece);
  }
  return [...finished, ...open];
}

function tablesIn(block: string) {
  const named = [...block.matchAll(/\b(from|join|update|into)\s+"(\w+)"/g)].filter(([, , name = ""]) =>
    partnerTables.has(name),
  );
  const namesOf = (found: readonly RegExpMatchArray[]) => found.map(([, , name = ""]) => name);
  return {
    inserted: namesOf(named.filter(([, verb]) => verb === "into")),
    touched: namesOf(named.filter(([, verb]) => verb !== "into")),
  };
}

function countConditions(block: string, scope: Scope, values: readonly Value[]): number {
  const conditions = [...block.matchAll(/"partnerId" = ⟦(\d+)⟧/g)];
  return conditions.filter(([, index]) => isPartner(scope, values[Number(index)])).length;
}

// In a list of values the partner stands bound; what is copied from rows has the partner in the condition of these.
function insertsFor(block: string, scope: Scope, values: readonly Value[]): boolean {
  const bound = [...block.matchAll(/⟦(\d+)⟧/g)].map(([, index]) => values[Number(index)]);
  return block.includes('"partnerId"') && bound.some((value) => isPartner(scope, value));
}

// The server's own work says for each row whose it is.
function isPartner(scope: Scope, value: Value | undefined): boolean {
  return scope === everyPartner ? typeof value === "string" && /^[0-9a-f-]{36}$/.test(value) : value === scope;
}

function readPartnerTables(): ReadonlySet<string> {
  const schema = readFileSync(new URL("../../generated/schema.sql", import.meta.url), "utf8");
  const tables = [...schema.matchAll(/^create table "(\w+)" \(\n(.*?)^\);/gims)];
  return new Set(tables.flatMap(([, name = "", columns = ""]) => (columns.includes('"partnerId"') ? [name] : [])));
}
