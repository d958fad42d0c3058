/** A value that can be bound to a statement. */
export type Value = string | number | boolean | null;

/** A piece of SQL: the texts around its bound values. There is one text more than there are values. */
export interface Statement {
  readonly texts: readonly string[];
  readonly values: readonly Value[];
}

/** Makes a statement of SQL text; what stands in `${…}` is bound as a value, or spliced in if it is itself a statement. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Value | Statement)[]): Statement {
  const texts: string[] = [strings[0] ?? ""];
  const values: Value[] = [];
  for (const [index, part] of parts.entries()) {
    if (isStatement(part)) append(texts, values, part);
    else {
      values.push(part);
      texts.push("");
    }
    texts[texts.length - 1] += strings[index + 1] ?? "";
  }
  return { texts, values };
}

/** SQL text as it is. It must come from the model or from the code, never from a request. */
export function raw(text: string): Statement {
  return { texts: [text], values: [] };
}

/**
 * A whole number as text of the statement. A limit is one: a planner that does not know it takes it for a tenth of the
 * rows, and would rather sort them all than follow an index.
 */
export function integer(value: number): Statement {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${value} is no whole number.`);
  return raw(String(value));
}

/** The name of a table or column, quoted. Names come from the model alone. */
export function name(identifier: string): Statement {
  return raw(`"${identifier}"`);
}

/** Several pieces with a separator between them. */
export function join(statements: readonly Statement[], separator: string): Statement {
  const texts: string[] = [""];
  const values: Value[] = [];
  for (const [index, statement] of statements.entries()) {
    if (index > 0) texts[texts.length - 1] += separator;
    append(texts, values, statement);
  }
  return { texts, values };
}

function append(texts: string[], values: Value[], statement: Statement): void {
  const [first, ...rest] = statement.texts;
  texts[texts.length - 1] += first ?? "";
  texts.push(...rest);
  values.push(...statement.values);
}

function isStatement(part: Value | Statement): part is Statement {
  return typeof part === "object" && part !== null;
}
