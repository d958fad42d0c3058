import { customerFields } from "./customer-fields.ts";

/** What stands in the fields of a form, by path; empty: nothing. */
export type FieldValues = Readonly<Record<string, string>>;

/** Reads the values of the fields, and of further paths, out of an entity. */
export function readFields(entity: object, further: readonly string[] = []): FieldValues {
  const paths = [...customerFields.map(({ path }) => path), ...further];
  return Object.fromEntries(paths.map((path) => [path, textAt(entity, path)]));
}

/** Makes the body of a request that creates: what is empty is left out. The profiles are always there. */
export function createBody(values: FieldValues): object {
  const given = Object.entries(values).filter(([, value]) => value.trim() !== "");
  return nest(given, { companyProfile: {}, billingProfile: {} });
}

/** Makes the body of a request that changes: only what differs, and what was emptied is null. */
export function updateBody(before: FieldValues, after: FieldValues): object {
  const changed = Object.entries(after).filter(([path, value]) => value.trim() !== (before[path] ?? ""));
  return nest(
    changed.map(([path, value]) => [path, value.trim() === "" ? null : value]),
    {},
  );
}

function textAt(entity: object, path: string): string {
  let found: unknown = entity;
  for (const name of path.split("/")) found = isObject(found) ? found[name] : undefined;
  return typeof found === "string" ? found : "";
}

interface Tree {
  [name: string]: Tree | string | null;
}

function nest(entries: readonly (readonly [string, string | null])[], root: Tree): Tree {
  for (const [path, value] of entries) {
    const names = path.split("/");
    const last = names.pop() ?? "";
    let place = root;
    for (const name of names) {
      const inner = place[name];
      const next: Tree = typeof inner === "object" && inner !== null ? inner : {};
      place[name] = next;
      place = next;
    }
    place[last] = typeof value === "string" ? value.trim() : value;
  }
  return root;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
