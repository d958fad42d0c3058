/** What the explorer reads of a schema of the OpenAPI document. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly example?: unknown;
}

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema } | undefined>> };
}

/** The OpenAPI document of the server (OpenAPI 3.1), as far as the explorer reads it. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A request that the API knows. */
export interface KnownRequest {
  /** Its method and its path. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly group: string;
  /** A body that it would take, as text; empty: it takes none. */
  readonly body: string;
}

const methods = ["get", "post", "patch", "put", "delete"] as const;
const depthMax = 10;

/** Lists the requests of an API in the order of its document. */
export function listRequests(document: ApiDocument): readonly KnownRequest[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (!isOperation(operation)) return [];
      const schema = operation.requestBody?.content["application/json"]?.schema;
      return [
        {
          id: `${method.toUpperCase()} ${path}`,
          method: method.toUpperCase(),
          path,
          summary: operation.summary,
          description: operation.description ?? "",
          group: operation.tags?.[0] ?? "",
          body: schema === undefined ? "" : JSON.stringify(exampleOf(schema, document, 0) ?? {}, undefined, 2),
        },
      ];
    }),
  );
}

/** A value that a schema admits: what it must have, and everything of which it gives an example. */
function exampleOf(schema: Schema, document: ApiDocument, depth: number): unknown {
  if (schema.example !== undefined || depth > depthMax) return schema.example;
  const [first] = schema.allOf ?? schema.anyOf ?? [];
  if (first !== undefined) return exampleOf(first, document, depth + 1);
  if (schema.$ref !== undefined) {
    const named = document.components.schemas[schema.$ref.split("/").at(-1) ?? ""];
    return named === undefined ? undefined : exampleOf(named, document, depth + 1);
  }
  if (schema.properties === undefined) return undefined;
  const entries = Object.entries(schema.properties).map(([name, property]) => {
    const value = exampleOf(property, document, depth + 1);
    return [name, value ?? (schema.required?.includes(name) === true ? {} : undefined)] as const;
  });
  const given = entries.filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function isOperation(value: unknown): value is Operation {
  return typeof value === "object" && value !== null && "summary" in value;
}
