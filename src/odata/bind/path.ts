import type { Choice, Kind, Properties, Property } from "../../model/kinds.ts";
import type { Collection, Expression } from "../../model/query.ts";
import { findVisible, visible } from "../../model/visible.ts";
import type { Count, Lambda, Path, Segment } from "../syntax/tree.ts";
import { constant } from "./constant.ts";
import {
  type ComputedValue,
  fault,
  isTypeName,
  propertiesOf,
  type Scope,
  spend,
  unknownName,
  unsupported,
  type Variable,
  type VariableType,
  valueTypeOf,
} from "./scope.ts";

/** What a path comes to: a single value, a complex value, or a collection that it does not go into. */
export type Found =
  | { readonly kind: "value"; readonly expression: Expression; readonly choice?: Choice }
  | {
      readonly kind: "complex";
      readonly variable: Variable;
      readonly path: readonly string[];
      readonly nullable: boolean;
      readonly property: Kind & { readonly kind: "complex" };
    }
  | { readonly kind: "collection"; readonly over: Collection; readonly items: VariableType };

/** Reads the condition of `any`, `all` or `$count($filter=…)` where its own variable is known. */
export type BindCondition = (
  scope: Scope,
  condition: Lambda | Count,
  items: VariableType,
  variable: number,
) => Expression | undefined;

/** Resolves a path against the model. */
export function bindPath(scope: Scope, path: Path, bindCondition: BindCondition): Found {
  const { variable, segments } = beginOf(scope, path);
  if (segments.length === 0) return itself(scope, path, variable);
  const place: Place = { variable, properties: propertiesOf(variable), path: [], nullable: false };
  return walk(scope, place, segments, bindCondition);
}

interface Place {
  readonly variable: Variable;
  readonly properties: Properties;
  readonly path: readonly string[];
  readonly nullable: boolean;
}

function beginOf(
  scope: Scope,
  { segments }: Path,
): { readonly variable: Variable; readonly segments: readonly Segment[] } {
  const [first, ...rest] = segments;
  if (first?.kind === "variable") {
    if (first.name === "$this") return { variable: scope.instance, segments: rest };
    if (first.name === "$it" && scope.entity !== undefined) return { variable: scope.entity, segments: rest };
    throw unsupported(scope, first, first.name);
  }
  const known = first?.kind === "name" ? scope.variables.get(first.name) : undefined;
  return known === undefined ? { variable: scope.instance, segments } : { variable: known, segments: rest };
}

function itself(scope: Scope, path: Path, { type, number }: Variable): Found {
  if (type.kind !== "text")
    throw fault(scope, path, `A ${type.type.name} has no single value. Name one of its properties.`);
  const expression = { kind: "property", variable: number, path: [], type: "string", nullable: false } as const;
  return { kind: "value", expression };
}

function walk(scope: Scope, place: Place, segments: readonly Segment[], bindCondition: BindCondition): Found {
  const [segment, ...rest] = segments;
  if (segment === undefined) throw new Error("A path has a segment.");
  if (segment.kind !== "name") throw unsupported(scope, segment, `'${segment.kind}' in this place`);
  if (segment.name.includes(".")) return walkType(scope, place, segment, rest, bindCondition);
  const navigation = place.path.length === 0 ? navigationOf(place.variable, segment.name) : undefined;
  if (navigation !== undefined) return walkCollection(scope, navigation, rest, bindCondition);
  const computed =
    place.path.length === 0 && place.variable.number === 0 ? scope.computed.get(segment.name) : undefined;
  if (computed !== undefined) return useComputed(scope, segment, computed, rest);
  const { name, property } = findProperty(scope, place, segment);
  return walkProperty(scope, place, name, property, rest, bindCondition);
}

function useComputed(scope: Scope, at: Segment, computed: ComputedValue, [next]: readonly Segment[]): Found {
  if (next !== undefined) throw fault(scope, next, "A computed value is a single value; nothing can follow it.");
  spend(scope, at, computed.size);
  const { expression, choice } = computed;
  return { kind: "value", expression, ...(choice === undefined ? {} : { choice }) };
}

function walkProperty(
  scope: Scope,
  place: Place,
  name: string,
  property: Property,
  rest: readonly Segment[],
  bindCondition: BindCondition,
): Found {
  const path = property.shows === undefined ? [...place.path, name] : property.shows.split("/");
  const nullable = place.nullable || property.nullable;
  const { kind } = property;
  const { variable } = place;
  if (kind.kind === "list") {
    const items: VariableType = kind.of.kind === "complex" ? { kind: "complex", type: kind.of.type } : { kind: "text" };
    const over = {
      kind: "list",
      of: variable.number,
      path,
      items: items.kind === "text" ? "text" : "complex",
    } as const;
    return walkCollection(scope, { over, items }, rest, bindCondition);
  }
  const [next] = rest;
  if (kind.kind === "dictionary") return findEntry(scope, { variable, path }, name, rest);
  if (kind.kind === "complex") {
    if (next === undefined) return { kind: "complex", variable, path, nullable, property: kind };
    return walk(scope, { variable, properties: kind.type.properties, path, nullable }, rest, bindCondition);
  }
  const type = valueTypeOf(kind);
  if (type === undefined) throw unsupported(scope, rest[0] ?? { position: 0 }, `'${name}' as a value`);
  if (next !== undefined) throw fault(scope, next, `'${name}' is a single value; nothing can follow it.`);
  const kept = { kind: "property", variable: variable.number, path, type, nullable } as const;
  const expression = asShown(scope, kind, kept);
  return { kind: "value", expression, ...(kind.kind === "choice" ? { choice: kind } : {}) };
}

/** A value as it is shown, which is what a client compares: a link is kept without the root, and shown with it. */
function asShown({ naming }: Scope, { kind }: Kind, kept: Expression): Expression {
  if (kind !== "link") return kept;
  return { kind: "call", name: "concat", values: [constant("string", `${naming.root}/`), kept] };
}

/** The value of a name in an open complex value; null where the name is not there. */
function findEntry(
  scope: Scope,
  place: Pick<Place, "variable" | "path">,
  name: string,
  rest: readonly Segment[],
): Found {
  const [next, more] = rest;
  if (next?.kind !== "name" || more !== undefined) {
    throw unsupported(scope, next ?? { position: 0 }, `'${name}' without the name of one of its values`);
  }
  const path = [...place.path, next.name];
  const expression = {
    kind: "property",
    variable: place.variable.number,
    path,
    type: "string",
    nullable: true,
  } as const;
  return { kind: "value", expression };
}

// A cast to the very type that stands there says nothing; there are no derived types that it could lead to.
function walkType(
  scope: Scope,
  place: Place,
  segment: Segment & { readonly kind: "name" },
  rest: readonly Segment[],
  bindCondition: BindCondition,
): Found {
  const { type } = place.variable;
  const own = type.kind === "text" ? "" : type.type.name;
  if (place.path.length > 0 || rest.length === 0 || !isTypeName(segment.name, own)) {
    throw unsupported(scope, segment, `The segment '${segment.name}'`);
  }
  return walk(scope, place, rest, bindCondition);
}

interface Walked {
  readonly over: Collection;
  readonly items: VariableType;
}

function navigationOf({ type, number }: Variable, name: string): Walked | undefined {
  if (type.kind !== "entity") return undefined;
  const navigation = Object.hasOwn(type.type.navigation, name) ? type.type.navigation[name] : undefined;
  if (navigation === undefined) return undefined;
  const over = { kind: "navigation", of: number, name, from: type.type } as const;
  return { over, items: { kind: "entity", type: navigation.to() } };
}

function walkCollection(
  scope: Scope,
  { over, items }: Walked,
  rest: readonly Segment[],
  bindCondition: BindCondition,
): Found {
  const [next, ...others] = rest;
  if (next === undefined) return { kind: "collection", over, items };
  if (others[0] !== undefined) throw fault(scope, others[0], "Nothing can follow here.");
  const variable = scope.variables.size + scope.instance.number + 1;
  if (next.kind === "any" || next.kind === "all" || next.kind === "count") {
    const condition = bindCondition(scope, next, items, variable);
    const expression = { kind: next.kind, over, variable, ...(condition === undefined ? {} : { condition }) } as const;
    return { kind: "value", expression };
  }
  throw fault(scope, next, "A collection has no properties. Use any, all or $count.");
}

/** Finds a property by its name, exactly. One that is not there is refused with the nearest that is. */
function findProperty(scope: Scope, { properties, variable }: Place, segment: Segment & { readonly kind: "name" }) {
  const { name } = segment;
  const property = findVisible(properties, name);
  if (property !== undefined) return { name, property };
  const shown = visible(properties).map(([each]) => each);
  const known = variable.number === 0 ? [...shown, ...scope.computed.keys()] : shown;
  throw fault(
    scope,
    segment,
    unknownName(name, known, variable.type.kind === "text" ? "a text" : variable.type.type.name),
  );
}
