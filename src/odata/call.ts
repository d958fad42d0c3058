import type { BoundOperation } from "../model/bound-operation.ts";
import { Problem } from "../model/problem.ts";
import { readAliasText, readQuery } from "./bind/options.ts";
import { isAlike, isNamed, readQuoted } from "./segment.ts";

/** A segment that calls a function or an action: how its offer's template ends, and the arguments in it. */
export interface Call {
  readonly template: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/**
 * Reads a segment that calls one of some functions and actions, by its plain or its qualified name (OData URL
 * Conventions 4.5); undefined when it calls none of them. An argument may be an alias, whose value is in the query; one
 * that is left out is looked for there by the name of its parameter.
 */
export function readCall(segment: string, operations: readonly BoundOperation[], query: string): Call | undefined {
  const [, written = "", inner] = /^([^(]*)(?:\((.*)\))?$/s.exec(segment) ?? [];
  const operation = operations.find(({ name }) => isNamed(name, written));
  if (operation === undefined) return undefined;
  const { kind, name, parameters } = operation;
  if (kind === "action") {
    if ((inner ?? "").trim() === "") return { template: name, arguments: {} };
    throw invalid(name, `The action '${name}' takes its parameters in the body.`);
  }
  const found = readArguments(name, inner ?? "", Object.keys(parameters), query);
  const form = Object.keys(parameters).map((each) => `${each}='{${each}}'`);
  return { template: `${name}(${form.join(",")})`, arguments: found };
}

const argumentPattern = /\s*(\w+)\s*=\s*('(?:[^']|'')*'|@[A-Za-z_]\w*)\s*(?:,|$)/gsy;

function readArguments(name: string, text: string, known: readonly string[], query: string) {
  const found = new Map<string, string>();
  const pattern = new RegExp(argumentPattern);
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw invalid(name, `'(${text})' is not a list of arguments. ${formOf(name, known)}`);
    const [, written = "", value = ""] = match;
    const parameter = known.find((each) => isAlike(each, written));
    if (parameter === undefined || found.has(parameter)) {
      const fault = parameter === undefined ? "has no such parameter" : "takes it once";
      throw invalid(written, `'${written}': the function '${name}' ${fault}. ${formOf(name, known)}`);
    }
    found.set(parameter, readText(parameter, value.startsWith("@") ? readAliasText(value.slice(1), query) : value));
  }
  for (const absent of known.filter((each) => !found.has(each))) {
    const value = implicitAlias(absent, query);
    if (value === undefined) throw invalid(absent, `The function '${name}' needs '${absent}'. ${formOf(name, known)}`);
    found.set(absent, readText(absent, value));
  }
  return Object.fromEntries(found);
}

/** The value that the query gives a parameter under its own name (OData 4.01, implicit parameter aliases). */
function implicitAlias(parameter: string, query: string): string | undefined {
  const isMeant = (name: string) => isAlike(name, parameter) || isAlike(name, `@${parameter}`);
  return readQuery(query).find(({ kind, name }) => kind !== "system" && isMeant(name))?.value;
}

// All parameters are texts.
function readText(parameter: string, value: string): string {
  const text = readQuoted(value.trim());
  if (text !== undefined) return text;
  throw invalid(parameter, `'${parameter}' must be a text in single quotes; it is ${value}.`);
}

function formOf(name: string, known: readonly string[]): string {
  return `Call it as ${name}(${known.map((each) => `${each}='…'`).join(",")}).`;
}

function invalid(target: string, message: string): Problem {
  return new Problem("invalidRequest", message, { target });
}
