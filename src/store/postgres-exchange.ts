import { LRUCache } from "lru-cache";
import pg from "pg";
import { compile, printObject } from "../model/compile.ts";
import type { Row } from "./database.ts";
import type { TakeRows, Value } from "./sql.ts";

/** A statement with its values, as it is sent. */
export interface Sending {
  /** By which the server knows it once it has prepared it. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly Value[];
  readonly take?: TakeRows | undefined;
}

/** How the rows of an answer are read, by its columns. */
interface Reading {
  readonly columns: readonly string[];
  readonly makeRow: (values: readonly unknown[]) => Row;
  /** The places of those columns whose values are no texts, with what reads them. */
  readonly parsers: readonly { readonly place: number; readonly parse: (text: string) => unknown }[];
}

/** A statement that a connection has prepared; how its rows are read is known after its first answer. */
interface Prepared {
  reading: Reading | undefined;
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
  /** What tells whoever waits how it ended. */
  declare readonly callback: (error: unknown) => void;
  readonly #sendings: readonly Sending[];
  readonly #statements: PreparedStatements;
  readonly #parsed: string[] = [];
  readonly #prepared: Prepared[] = [];
  readonly #rows: Row[][];
  #place = 0;
  /** Does what is to be done with the values of a row, while rows of one answer come. */
  #takeRow: ((values: readonly unknown[]) => void) | undefined;
  /** Why a row could not be taken. It is told at the end: thrown while the connection is read, it would end the process. */
  #fault: unknown;

  constructor(
    sendings: readonly Sending[],
    statements: PreparedStatements,
    settle: (error: unknown, rows: readonly (readonly Row[])[]) => void,
  ) {
    // An object would be copied, property by property, for each exchange.
    super("", (error) => settle(error ?? null, this.#rows));
    this.#sendings = sendings;
    this.#statements = statements;
    this.#rows = sendings.map(() => []);
  }

  override readonly submit = (connection: pg.Connection): void => {
    const { known, stale } = this.#statements;
    for (const { name, text, values } of this.#sendings) {
      let prepared = known.get(name);
      if (prepared === undefined) {
        prepared = { reading: undefined };
        known.set(name, prepared);
        this.#parsed.push(name);
        closeAll(connection, stale);
        connection.parse({ name, text, types: [] }, true);
      }
      this.#prepared.push(prepared);
      connection.bind({ statement: name, values: values.map(printParameter) }, true);
      if (prepared.reading === undefined) connection.describe({ type: "P" }, true);
      connection.execute(null, true);
    }
    connection.sync();
  };

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    const prepared = this.#prepared[this.#place];
    if (prepared !== undefined) prepared.reading = readingOf(fields);
  }

  handleDataRow({ fields }: { readonly fields: unknown[] }): void {
    const reading = this.#prepared[this.#place]?.reading;
    if (reading === undefined || this.#fault !== undefined) return;
    try {
      this.#take(fields, reading);
    } catch (error) {
      this.#fault = error;
    }
  }

  #take(fields: unknown[], reading: Reading): void {
    for (const { place, parse } of reading.parsers) {
      const text = fields[place];
      if (typeof text === "string") fields[place] = parse(text);
    }
    this.#takeRow ??= this.#takerOf(reading);
    this.#takeRow(fields);
  }

  #takerOf({ columns, makeRow }: Reading): (values: readonly unknown[]) => void {
    const take = this.#sendings[this.#place]?.take;
    if (take !== undefined) return take(columns);
    const rows = this.#rows[this.#place];
    return (values) => rows?.push(makeRow(values));
  }

  handleCommandComplete(): void {
    const prepared = this.#prepared[this.#place];
    // What has not described a row by now gives none.
    if (prepared !== undefined) prepared.reading ??= readingOf([]);
    this.#takeRow = undefined;
    this.#place++;
  }

  handleReadyForQuery(): void {
    this.callback(this.#fault);
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

function readingOf(fields: readonly pg.FieldDef[]): Reading {
  const columns = fields.map(({ name }) => name);
  const parsers = fields.flatMap(({ dataTypeID }, place) =>
    textTypes.has(dataTypeID) ? [] : [{ place, parse: pg.types.getTypeParser(dataTypeID, "text") }],
  );
  const makeRow: Reading["makeRow"] = compile("values", () =>
    printObject(columns.map((column, place) => [column, `values[${place}]`])),
  );
  return { columns, makeRow, parsers };
}

// Values of these come as they are.
const textTypes: ReadonlySet<number> = new Set([pg.types.builtins.TEXT, pg.types.builtins.VARCHAR]);
