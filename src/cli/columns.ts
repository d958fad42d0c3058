import { isValues, type Values } from "../model/define.ts";
import type { Kind, Properties } from "../model/kinds.ts";
import { visible } from "../model/visible.ts";

/** A value of an entity as tables and CSV show it, named by its path, such as `billingProfile/email`. */
export interface Column {
  readonly path: string;
  readonly kind: Kind;
  /** Whether a new entity may be given with it. */
  readonly isSettable: boolean;
}

/** A text that is no value of its column. The message says what would be right. */
export class CellError extends Error {
  override readonly name = "CellError";
}

/** Lists the columns of an entity type: every property that is no complex value itself, in the order of the model. */
export function columnsOf(properties: Properties, prefix = "", isWithin = true): readonly Column[] {
  return visible(properties).flatMap(([name, { kind, create, shows }]): readonly Column[] => {
    const path = prefix + name;
    const isSettable = isWithin && create !== "computed" && shows === undefined;
    if (kind.kind === "complex" && shows === undefined) return columnsOf(kind.type.properties, `${path}/`, isSettable);
    return kind.kind === "complex" ? [] : [{ path, kind, isSettable }];
  });
}

/** Gives the value at a path; undefined when there is none. */
export function valueAt(entity: unknown, path: string): unknown {
  return path.split("/").reduce<unknown>((value, name) => (isValues(value) ? value[name] : undefined), entity);
}

/** Prints a value as the text of a cell: nothing for null, JSON for what has parts. */
export function printCell(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Puts a value at a path of an entity that is being made. */
export function withValue(entity: Values, path: string, value: unknown): Values {
  const [name = "", ...rest] = path.split("/");
  if (rest.length === 0) return { ...entity, [name]: value };
  const within = entity[name];
  return { ...entity, [name]: withValue(isValues(within) ? within : {}, rest.join("/"), value) };
}

/** Reads the text of a cell as a value of its kind. Texts are left to the service to judge. */
export function parseCell(text: string, kind: Kind): unknown {
  switch (kind.kind) {
    case "boolean":
      if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
      throw new CellError(`must be true or false; it is '${text}'.`);
    case "integer":
      if (/^-?\d{1,10}$/.test(text)) return Number(text);
      throw new CellError(`must be a whole number; it is '${text}'.`);
    case "dictionary":
    case "list":
      return parseJson(text);
    default:
      return text;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CellError(`must be JSON; it is '${text}'.`);
  }
}
