import type { EntityType } from "../model/define.ts";
import type { Properties } from "../model/kinds.ts";
import { entityTypes, namespace } from "../model/model.ts";
import { actionsOfEntities, operationsOfSets } from "../model/operations.ts";
import { Problem } from "../model/problem.ts";
import { readCall } from "./call.ts";

/** What a path leads to: the template of its offer, and the keys that stand in it. */
export interface Target {
  readonly template: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** Resources of OData that come with no entity type; those without an offer are answered 501. */
const serviceResources = ["$metadata", "$batch", "$entity", "$all", "openapi.json", "swagger.json"];

/**
 * Reads the path under a service root (OData URL Conventions 4). A path that leads nowhere is refused with 404. The query
 * is that of the URL: the arguments of a function may be aliases of it.
 */
export function parsePath(path: string, query = ""): Target {
  const segments = path.replace(/^\/+/, "").replace(/\/$/, "").split("/").map(decodeSegment);
  const [first = "", ...rest] = segments;
  if (first === "" && rest.length === 0) return { template: "/", keys: {} };
  const resource = serviceResources.find((name) => name === first);
  if (resource !== undefined && rest.length === 0) return { template: `/${resource}`, keys: {} };
  const { name, key } = splitKey(first);
  const type = entityTypes.find((each) => each.set === name) ?? entityTypes.find((each) => isAlike(each.set, name));
  if (type === undefined) throw notFound(first);
  const call = rest[0] === undefined ? undefined : readCall(rest[0], operationsOfSets[type.set] ?? [], query);
  if (call !== undefined && key === undefined) {
    return endOf({ template: `/${type.set}/${call.template}`, keys: call.arguments }, rest.slice(1));
  }
  return walkSet(type, { template: `/${type.set}`, keys: {} }, key === undefined ? rest : [{ key }, ...rest], "id");
}

/** A segment, or the key that stood in parentheses behind one. */
type Step = string | { readonly key: string };

function walkSet(type: EntityType, target: Target, steps: readonly Step[], keyName: string): Target {
  const [step, ...rest] = steps;
  if (step === undefined) return target;
  if (step === "$count" || step === "$ref") return endOf({ ...target, template: `${target.template}/${step}` }, rest);
  if (typeof step === "string" && isDelta(step)) {
    return endOf({ ...target, template: `${target.template}/delta()` }, rest);
  }
  if (typeof step === "string" && (step.startsWith("$") || isFunction(step))) throw unsupported(step);
  const key = typeof step === "string" ? step : readKey(step.key);
  const keys = { ...target.keys, [keyName]: key };
  return walkEntity(type, { template: `${target.template}/{${keyName}}`, keys }, rest);
}

function walkEntity(type: EntityType, target: Target, steps: readonly Step[]): Target {
  const [step, ...rest] = steps;
  if (step === undefined) return target;
  if (typeof step !== "string") throw notFound(`(${step.key})`);
  if (step === "$ref") return endOf({ ...target, template: `${target.template}/$ref` }, rest);
  const call = readCall(step, actionsOfEntities[type.name] ?? [], "");
  if (call !== undefined) return endOf({ ...target, template: `${target.template}/${call.template}` }, rest);
  const { name, key } = splitKey(step);
  const navigation = Object.entries(type.navigation).find(([each]) => isAlike(each, name));
  if (navigation !== undefined) {
    const [path, { to }] = navigation;
    const steps = key === undefined ? rest : [{ key }, ...rest];
    return walkSet(to(), { ...target, template: `${target.template}/${path}` }, steps, `${to().name}Id`);
  }
  assertProperty(type.properties, step);
  throw unsupported(step);
}

function endOf(target: Target, rest: readonly Step[]): Target {
  const [step] = rest;
  if (step !== undefined) throw notFound(typeof step === "string" ? step : `(${step.key})`);
  return target;
}

function assertProperty(properties: Properties, name: string): void {
  const found = Object.entries(properties).some(([each, { hidden }]) => isAlike(each, name) && hidden === undefined);
  if (!found) throw notFound(name);
}

function splitKey(segment: string): { readonly name: string; readonly key?: string } {
  const match = /^([^(]*)\((.*)\)$/s.exec(segment);
  if (match === null) return { name: segment };
  return { name: match[1] ?? "", key: match[2] ?? "" };
}

// Keys are texts: `('x')` and `(id='x')`, a quote in them doubled (OData ABNF: string). A bare UUID is accepted too.
function readKey(key: string): string {
  const value = key.replace(/^id\s*=\s*/, "");
  const quoted = /^'((?:[^']|'')*)'$/s.exec(value);
  if (quoted !== null) return (quoted[1] ?? "").replaceAll("''", "'");
  if (/^[0-9A-Za-z-]+$/.test(value)) return value;
  const message = `'(${key})' is not a key. Write it as ('{id}'), (id='{id}'), or /{id}.`;
  throw new Problem(/^\w+\s*=/.test(key) ? "notSupported" : "invalidRequest", message);
}

// Clients write the function by its plain name or by a qualified one, with and without parentheses.
function isDelta(segment: string): boolean {
  const name = segment.toLowerCase().replace(/\(\)$/, "");
  return name === "delta" || name === `${namespace.name}.delta` || name === `${namespace.alias}.delta`;
}

function isFunction(segment: string): boolean {
  const name =
    segment
      .replace(/\(.*\)$/s, "")
      .split(".")
      .at(-1) ?? "";
  const prefix = segment.startsWith(`${namespace.name}.`) || segment.startsWith(`${namespace.alias}.`);
  return name === "delta" || prefix;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem("invalidRequest", `The path segment '${segment}' is not well-formed percent-encoding.`);
  }
}

// Identifiers are compared exactly first; a client that writes them in another case is understood too (4.01 Advanced).
function isAlike(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function notFound(segment: string): Problem {
  return new Problem("itemNotFound", `Resource not found for the segment '${segment}'.`);
}

function unsupported(segment: string): Problem {
  return new Problem("notSupported", `'${segment}' is not supported by this version of the service.`);
}
