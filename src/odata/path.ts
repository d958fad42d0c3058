import type { EntityType } from "../model/define.ts";
import type { AlternateKeys, EntityKey } from "../model/key.ts";
import { entityTypes, namespace } from "../model/model.ts";
import { actionsOfEntities, operationsOfSets } from "../model/operations.ts";
import { Problem } from "../model/problem.ts";
import type { PropertyPath } from "../model/property-path.ts";
import { readAliasText } from "./bind/options.ts";
import { readCall } from "./call.ts";
import { parsePropertyPath } from "./property-path.ts";
import { isAlike, isCast, isNamed, notFound, readQuoted, unsupported } from "./segment.ts";
import { splitPath } from "./syntax/split-path.ts";
import { SyntaxProblem } from "./syntax/syntax-problem.ts";

/** What a path leads to: the template of its offer, and the keys that stand in it. */
export interface Target {
  readonly template: string;
  readonly keys: Readonly<Record<string, string>>;
  /** The property of the entity that the path ends at; `{property}` stands for it in the template. */
  readonly property?: PropertyPath;
  /** The conditions of `/$filter(…)` segments, unread: all must hold. */
  readonly filters?: readonly string[];
  /** The keys that are not an id, by the same names: what they lead to must be found first. */
  readonly alternateKeys?: AlternateKeys;
}

/** Resources of OData that come with no entity type; those without an offer are answered 501. */
const serviceResources = ["$metadata", "$batch", "$entity", "$all", "openapi.json", "swagger.json"];

/**
 * Reads the path under a service root (OData URL Conventions 4). A path that leads nowhere is refused with 404. The query
 * is that of the URL: keys in parentheses, and the arguments of a function, may be aliases of it.
 */
export function parsePath(path: string, query = ""): Target {
  const segments = splitSegments(withoutSlashes(path));
  const others = segments.slice(1);
  const first = resolveAlias(segments[0] ?? "", query);
  if (first === "" && others.length === 0) return { template: "/", keys: {} };
  const resource = serviceResources.find((name) => name === first);
  if (resource !== undefined && others.length === 0) return { template: `/${resource}`, keys: {} };
  if (first === "$all" || first.startsWith("$crossjoin(")) throw unsupported(first);
  const { name, key } = splitKey(first);
  const type = entityTypes.find((each) => each.set === name) ?? entityTypes.find((each) => isAlike(each.set, name));
  if (type === undefined) throw notFound(first);
  const call = others[0] === undefined ? undefined : readCall(others[0], operationsOfSets[type.set] ?? [], query);
  if (call !== undefined && key === undefined) {
    return endOf({ template: `/${type.set}/${call.template}`, keys: call.arguments }, others.slice(1));
  }
  const rest = others.map((segment) => resolveAlias(segment, query));
  return walkSet(type, { template: `/${type.set}`, keys: {} }, key === undefined ? rest : [{ key }, ...rest], "id");
}

/** A segment, or the key that stood in parentheses behind one. */
type Step = string | { readonly key: string };

function walkSet(type: EntityType, target: Target, steps: readonly Step[], keyName: string): Target {
  const step = steps[0];
  if (step === undefined) return target;
  const rest = steps.slice(1);
  const subset = readSubset(type, target, step);
  if (subset !== undefined) return walkSet(type, subset.target, [...subset.steps, ...rest], keyName);
  if (step === "$count") return endOf({ ...target, template: `${target.template}/$count` }, rest);
  if (step === "$ref") return endOf({ ...target, template: `${target.template}/$ref` }, rest);
  if (target.filters !== undefined) throw unsupported(`${print(step)} after $filter`);
  if (typeof step === "string" && isDelta(step)) {
    return endOf({ ...target, template: `${target.template}/delta()` }, rest);
  }
  if (typeof step === "string" && (step.startsWith("$") || isFunction(step))) throw unsupported(step);
  const key = typeof step === "string" ? { property: "id", value: step } : readKey(type, step.key);
  return walkEntity(type, withKey(type, target, keyName, key), rest);
}

function withKey(type: EntityType, target: Target, keyName: string, key: EntityKey): Target {
  const template = `${target.template}/{${keyName}}`;
  if (key.property === "id") return { ...target, template, keys: { ...target.keys, [keyName]: key.value } };
  return { ...target, template, alternateKeys: { ...target.alternateKeys, [keyName]: { ...key, type } } };
}

/** Reads a step that still leads to a collection of entities of the type: a cast or a filter. */
function readSubset(type: EntityType, target: Target, step: Step) {
  if (typeof step !== "string") return undefined;
  const { name, key } = splitKey(step);
  if (isCast(type, name)) return { target, steps: key === undefined ? [] : [{ key }] };
  const condition = step.startsWith("$") ? /^\$filter\((.*)\)$/s.exec(step)?.[1] : undefined;
  if (condition === undefined) return undefined;
  return { target: { ...target, filters: [...(target.filters ?? []), condition] }, steps: [] };
}

function walkEntity(type: EntityType, target: Target, steps: readonly Step[]): Target {
  const step = steps[0];
  if (step === undefined) return target;
  const rest = steps.slice(1);
  if (typeof step !== "string") throw notFound(print(step));
  if (isCast(type, step)) return walkEntity(type, target, rest);
  if (step === "$ref") return endOf({ ...target, template: `${target.template}/$ref` }, rest);
  if (step === "$value") {
    // OData Protocol 11.2.3: only of a media entity.
    throw new Problem("invalidRequest", `'$value' of a ${type.name} does not exist: it has no media stream.`);
  }
  const call = readCall(step, actionsOfEntities[type.name] ?? [], "");
  if (call !== undefined) return endOf({ ...target, template: `${target.template}/${call.template}` }, rest);
  const { name, key } = splitKey(step);
  const navigation = Object.entries(type.navigation).find(([each]) => isAlike(each, name));
  if (navigation !== undefined) {
    const [path, { to }] = navigation;
    const steps = key === undefined ? rest : [{ key }, ...rest];
    return walkSet(to(), { ...target, template: `${target.template}/${path}` }, steps, `${to().name}Id`);
  }
  const property = parsePropertyPath(type, [step, ...rest].map(print));
  const suffix = { value: "", raw: "/$value", count: "/$count" }[property.form];
  return { ...target, template: `${target.template}/{property}${suffix}`, property };
}

function endOf(target: Target, rest: readonly Step[]): Target {
  const [step] = rest;
  if (step !== undefined) throw notFound(print(step));
  return target;
}

function print(step: Step): string {
  return typeof step === "string" ? step : `(${step.key})`;
}

function splitKey(segment: string): { readonly name: string; readonly key?: string } {
  const match = segment.endsWith(")") ? /^([^(]*)\((.*)\)$/s.exec(segment) : null;
  if (match === null) return { name: segment };
  return { name: match[1] ?? "", key: match[2] ?? "" };
}

// Keys are texts: `('x')` and `(id='x')`. A bare UUID is accepted too. An alternate key is always named, and its value
// always quoted (OData URL Conventions 4.3.3).
function readKey(type: EntityType, key: string): EntityKey {
  const [, name = "id", value = ""] = /^(?:(\w+)\s*=\s*)?(.*)$/s.exec(key) ?? [];
  const property = name === "id" ? name : alternateKey(type, name);
  const quoted = readQuoted(value);
  if (quoted !== undefined) return { property, value: quoted };
  if (property === "id" && /^[0-9A-Za-z-]+$/.test(value)) return { property, value };
  const forms = ["('{id}')", ...["id", ...(type.alternateKeys ?? [])].map((each) => `(${each}='{${each}}')`), "/{id}"];
  const message = `'(${key})' is not a key. Write it as ${forms.join(", ")}.`;
  throw new Problem("invalidRequest", message);
}

function alternateKey({ set, alternateKeys = [] }: EntityType, name: string): string {
  const found = alternateKeys.find((each) => isAlike(each, name));
  if (found !== undefined) return found;
  const known = alternateKeys.length === 0 ? "They have none" : `They have ${alternateKeys.join(", ")}`;
  throw new Problem("invalidAlternateKey", `'${name}' is no alternate key of ${set}. ${known}; their key is id.`);
}

// Clients write the function by its plain name or by a qualified one, with and without parentheses.
function isDelta(segment: string): boolean {
  return isNamed("delta", segment.replace(/\(\)$/, ""));
}

function isFunction(segment: string): boolean {
  const isQualified = segment.startsWith(`${namespace.name}.`) || segment.startsWith(`${namespace.alias}.`);
  return isQualified || /^(?:[^(]*\.)?delta(?:\(.*\))?$/s.test(segment);
}

/** Without the slashes before it, and without one behind it. */
function withoutSlashes(path: string): string {
  let start = 0;
  while (path[start] === "/") start++;
  return path.slice(start, path.endsWith("/") ? -1 : undefined);
}

function splitSegments(path: string): readonly string[] {
  try {
    const { text, pieces } = splitPath(path);
    return pieces.map(({ start, end }) => text.slice(start, end));
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    throw new Problem("invalidRequest", `The path cannot be read. ${error.message}`);
  }
}

/** Puts the value of a parameter alias where it stands for a key: `customers(@key)` (OData URL Conventions 4.3.1). */
function resolveAlias(segment: string, query: string): string {
  const match = segment.endsWith(")") ? /^([^$(][^(]*\((?:\w+\s*=\s*)?)@([A-Za-z_]\w*)\)$/.exec(segment) : null;
  if (match === null) return segment;
  const [, before = "", name = ""] = match;
  return `${before}${readAliasText(name, query)})`;
}
