/** What to show of an entity. */
export interface ShowQuery<Entity, Name extends keyof Entity = keyof Entity> {
  /** The properties to read; by default all. */
  readonly select?: readonly Name[];
  /** What is to be read with it, such as `customer`. */
  readonly expand?: string;
}

/** Which entities to list, and what of them. */
export interface ListQuery<Entity, Name extends keyof Entity = keyof Entity> extends ShowQuery<Entity, Name> {
  /** An expression of OData; `odata` puts values into one. */
  readonly filter?: string;
  /** Words to look for. */
  readonly search?: string;
  /** Such as `createdDateTime desc`. */
  readonly orderBy?: string;
  /** How many the service gives at a time. */
  readonly pageSize?: number;
  /** Whether pages say how many there are in all. */
  readonly count?: boolean;
}

type Queried = Omit<ListQuery<object>, "select"> & { readonly select?: readonly PropertyKey[] };

/** Prints a path with the options of a query. */
export function printQuery(path: string, { select, expand, filter, search, orderBy, count }: Queried): string {
  const options: Readonly<Record<string, string | undefined>> = {
    $select: select?.join(","),
    $expand: expand,
    $filter: filter,
    $search: search,
    $orderby: orderBy,
    $count: count === true ? "true" : undefined,
  };
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? path : `${path}?${given.join("&")}`;
}

/** Prints the headers of a query. A preference, since `$top` is the size of a page only for some services. */
export function printPreference({ pageSize }: { readonly pageSize?: number }): Readonly<Record<string, string>> {
  return pageSize === undefined ? {} : { Prefer: `odata.maxpagesize=${pageSize}` };
}

/**
 * Puts values into an expression, each printed as a literal: `` odata`externalId eq ${id}` ``. Dates become instants
 * (OData URL Conventions 5.1.1.6.1).
 */
export function odata(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | boolean | null | Date)[]
): string {
  return texts.reduce((text, next, index) => text + printLiteral(values[index - 1] ?? null) + next);
}

/** Prints a value as a literal of an expression. */
export function printLiteral(value: string | number | boolean | null | Date): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  return value instanceof Date ? value.toISOString() : String(value);
}
