import { type Piece, textsOf } from "./shape.ts";

/** A value that can be bound to a statement. */
export type Value = string | number | boolean | null;

/** A piece of SQL: the texts around its bound values. There is one text more than there are values. */
export interface Statement {
  readonly texts: readonly string[];
  readonly values: readonly Value[];
  /** By what the rows of its answer are known when it is run together with others: a column, and its value. */
  readonly rowKey?: { readonly column: string; readonly value: string };
  /** Whether the best way to carry it out depends on its values, as with a filter that a client has made. */
  readonly isVaried?: boolean;
  /** Takes the rows of its answer, where there are many, so that no objects are made of their columns: then it gives none. */
  readonly take?: TakeRows;
}

/**
 * Is told the columns of an answer, and gives what is told the values of each row in their order. Of a statement that is
 * tried again it is told everything again.
 */
export type TakeRows = (columns: readonly string[]) => (values: readonly unknown[]) => void;

/** Makes a statement of SQL text; what stands in `${…}` is bound as a value, or spliced in if it is itself a statement. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Value | Statement)[]): Statement {
  const values: Value[] = [];
  const pieces = parts.map((part): Piece => {
    if (!isStatement(part)) {
      values.push(part);
      return "value";
    }
    for (const value of part.values) values.push(value);
    return part.texts;
  });
  const texts = textsOf(strings, pieces, () => {
    const whole: string[] = [strings[0] ?? ""];
    for (const [index, piece] of pieces.entries())
      append(whole, piece === "value" ? ["", ""] : piece, strings[index + 1]);
    return whole;
  });
  return { texts, values };
}

/** SQL text as it is. It must come from the model or from the code, never from a request. */
export function raw(text: string): Statement {
  return { texts: textsOf(text, [], () => [text]), values: [] };
}

/**
 * A whole number as text of the statement. A limit is one: a planner that does not know it takes it for a tenth of the
 * rows, and would rather sort them all than follow an index.
 */
export function integer(value: number): Statement {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${value} is no whole number.`);
  return raw(String(value));
}

const names = new Map<string, Statement>();

/** The name of a table or column, quoted. Names come from the model alone. */
export function name(identifier: string): Statement {
  let quoted = names.get(identifier);
  if (quoted === undefined) {
    quoted = raw(`"${identifier}"`);
    names.set(identifier, quoted);
  }
  return quoted;
}

/** Several pieces with a separator between them. */
export function join(statements: readonly Statement[], separator: string): Statement {
  const values: Value[] = [];
  const pieces = statements.map((statement) => {
    for (const value of statement.values) values.push(value);
    return statement.texts;
  });
  const texts = textsOf(`\0${separator}`, pieces, () => {
    const whole: string[] = [""];
    for (const [index, piece] of pieces.entries()) append(whole, piece, index < pieces.length - 1 ? separator : "");
    return whole;
  });
  return { texts, values };
}

/*
 * A statement that holds one of these marks may be run for many sets of values at once, where the engine gains by that:
 * there the rows come in that hold them. Run for one set, the marks are comments. In such a statement each value that is
 * no text is cast, and one behind the mark of `same` is taken to be the same in all sets, such as the present instant.
 */
export const fromEach = raw(" /* from each */ ");
export const andEach = raw(" /* and each */ ");
export const same = raw("/* same */ ");

function append(texts: string[], [first = "", ...rest]: readonly string[], after = ""): void {
  texts[texts.length - 1] += first;
  texts.push(...rest);
  texts[texts.length - 1] += after;
}

function isStatement(part: Value | Statement): part is Statement {
  return typeof part === "object" && part !== null;
}
