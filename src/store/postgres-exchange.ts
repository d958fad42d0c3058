import { LRUCache } from "lru-cache";
import pg from "pg";
import { objectOf } from "../model/object.ts";
import type { Row } from "./database.ts";
import type { Value } from "./sql.ts";

/** A statement with its values, as it is sent. */
export interface Sending {
  /** By which the server knows it once it has prepared it. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly Value[];
}

/** The columns of an answer, and how a row of them is made. */
type MakeRow = (fields: readonly (string | null)[]) => Row;

/** A statement that a connection has prepared; how its rows are made is known after its first answer. */
interface Prepared {
  makeRow: MakeRow | undefined;
}

/** What a connection has prepared on its server, and what there must be closed first. */
export interface PreparedStatements {
  readonly known: LRUCache<string, Prepared>;
  readonly stale: Set<string>;
}

/** The statements of a connection that has prepared none yet, of which it keeps so many. */
export function preparedStatements(max: number): PreparedStatements {
  const stale = new Set<string>();
  return { known: new LRUCache({ max, dispose: (_statement, name) => stale.add(name) }), stale };
}

/**
 * Statements that travel in one packet and are one transaction: PostgreSQL begins it at the first of them and ends it
 * where they do (its documentation, 55.2.4, "Pipelining"). They fail together.
 */
export class Exchange extends pg.Query {
  /** What pg calls when it gives up waiting; it puts a callback of its own before it. */
  declare readonly callback: (error: Error | null) => void;
  readonly #sendings: readonly Sending[];
  readonly #statements: PreparedStatements;
  readonly #parsed: string[] = [];
  readonly #prepared: Prepared[] = [];
  readonly #rows: Row[][];
  #place = 0;

  constructor(
    sendings: readonly Sending[],
    statements: PreparedStatements,
    settle: (error: Error | null, rows: readonly (readonly Row[])[]) => void,
  ) {
    super({ text: "" }, (error) => settle(error ?? null, this.#rows));
    this.#sendings = sendings;
    this.#statements = statements;
    this.#rows = sendings.map(() => []);
  }

  override readonly submit = (connection: pg.Connection): void => {
    const { known, stale } = this.#statements;
    for (const { name, text, values } of this.#sendings) {
      let prepared = known.get(name);
      if (prepared === undefined) {
        prepared = { makeRow: undefined };
        known.set(name, prepared);
        this.#parsed.push(name);
        closeAll(connection, stale);
        connection.parse({ name, text, types: [] }, true);
      }
      this.#prepared.push(prepared);
      connection.bind({ statement: name, values: values.map(printParameter) }, true);
      if (prepared.makeRow === undefined) connection.describe({ type: "P" }, true);
      connection.execute(null, true);
    }
    connection.sync();
  };

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    const prepared = this.#prepared[this.#place];
    if (prepared !== undefined) prepared.makeRow = rowMaker(fields);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const row = this.#prepared[this.#place]?.makeRow?.(fields);
    if (row !== undefined) this.#rows[this.#place]?.push(row);
  }

  handleCommandComplete(): void {
    const prepared = this.#prepared[this.#place];
    // What has not described a row by now gives none.
    if (prepared !== undefined) prepared.makeRow ??= rowMaker([]);
    this.#place++;
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }

  handleError(error: Error): void {
    // Which of them the server has prepared before it failed is not known.
    for (const name of this.#parsed) {
      this.#statements.known.delete(name);
      this.#statements.stale.add(name);
    }
    this.callback(error);
  }
}

/** To close a statement that is not there is no error. */
function closeAll(connection: pg.Connection, stale: Set<string>): void {
  for (const name of stale) connection.close({ type: "S", name }, true);
  stale.clear();
}

function printParameter(value: Value): string | null {
  return value === null ? null : String(value);
}

function rowMaker(fields: readonly pg.FieldDef[]): MakeRow {
  const columns = fields.map(({ name, dataTypeID }) => ({ name, parse: pg.types.getTypeParser(dataTypeID, "text") }));
  const empty = objectOf(columns.map(({ name }) => name));
  return (values) => {
    const row: Record<string, unknown> = { ...empty };
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index];
      const value = values[index] ?? null;
      if (column !== undefined && value !== null) row[column.name] = column.parse(value);
    }
    return row;
  };
}
