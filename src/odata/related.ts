import { type EntityType, isValues, type Values } from "../model/define.ts";
import type { EntityKey } from "../model/key.ts";
import { Problem } from "../model/problem.ts";
import { isReference, parseReference, readReference } from "./reference.ts";
import { show } from "./values.ts";

/** What a body says of where a navigation leads: to an entity that is there, or to one that comes with it. */
export type SentRelated =
  | { readonly kind: "reference"; readonly key: EntityKey }
  | { readonly kind: "entity"; readonly body: Values };

/**
 * Parts from a body what it says of a navigation: `name@odata.bind` with URLs (OData JSON Format 4.0, 8.5), or `name` with
 * references (4.01, 8.5) or with an entity that is to be created (OData Protocol 11.4.2.2, deep insert). Ours lead to one
 * entity at the most, so that an array holds one at the most.
 */
export function partRelated(
  navigation: { readonly name: string; readonly type: EntityType },
  body: Values,
  root: string,
): { readonly own: Values; readonly related?: SentRelated } {
  const { name } = navigation;
  const bindName = `${name}@odata.bind`;
  const { [name]: inline, [bindName]: bound, ...own } = body;
  if (inline !== undefined && bound !== undefined) {
    throw malformed(name, `Either '${name}' or '${bindName}' says what it leads to. Leave one of them out.`);
  }
  const sent = inline === undefined ? bound : inline;
  const [member] = sent === undefined ? [] : onlyMember(name, sent);
  if (member === undefined) return { own };
  return { own, related: readMember(navigation, member, root, bound === undefined ? "inline" : "bound") };
}

function onlyMember(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(name, `'${name}' is a collection: send an array. It is ${show(value)}.`);
  if (value.length <= 1) return value;
  throw malformed(name, `'${name}' leads to one entity at the most; ${value.length} are given.`);
}

function readMember(
  { name, type }: { readonly name: string; readonly type: EntityType },
  member: unknown,
  root: string,
  form: "inline" | "bound",
): SentRelated {
  if (form === "bound")
    return { kind: "reference", key: resolvable(name, () => parseReference(type, member, root, name)) };
  if (!isValues(member)) throw malformed(name, `'${name}' must hold a ${type.name}. It holds ${show(member)}.`);
  if (!isReference(member)) return { kind: "entity", body: member };
  return { kind: "reference", key: resolvable(name, () => readReference(type, member, root, name)) };
}

// Where it stands in a body, a URL that leads nowhere is a fault of the body (OData Protocol 11.4.2.1).
function resolvable(target: string, read: () => EntityKey): EntityKey {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem) || error.code === "invalidEntityReference") throw error;
    throw new Problem("invalidEntityReference", error.message, { target, cause: error });
  }
}

function malformed(target: string, message: string): Problem {
  return new Problem("malformedValue", message, { target });
}
