import { nearest } from "../nearest.ts";
import { identifierEnd } from "./names.ts";
import type { SystemOptionKind } from "./option-value.ts";
import { findOptionKind, optionNames } from "./options.ts";
import { SyntaxProblem } from "./syntax-problem.ts";

/** One option of a query string: its name, its decoded value, and where it begins in the query string as sent. */
export type QueryPart = SystemPart | (PartValue & { readonly kind: "alias" | "custom" });

/** An option of OData itself; `name` is canonical, such as `$orderby`, however it was written. */
export type SystemPart = PartValue & { readonly kind: "system"; readonly option: SystemOptionKind };

type PartValue = { readonly name: string; readonly value: string; readonly position: number };

// OData URL Conventions 4.01, 2.1: split at `&`, then at the first `=`, then decode exactly once, then interpret.
/** Gives the options of a query string, each system option and alias at most once. */
export function parseQueryString(query: string): readonly QueryPart[] {
  const hash = query.indexOf("#");
  if (hash !== -1) throw new SyntaxProblem("A '#' must be written as %23 in a query.", hash);
  const parts: QueryPart[] = [];
  const names = new Set<string>();
  let position = 0;
  for (const text of query.split("&")) {
    // Nothing between two ampersands, or after the last, is what many clients send; it says nothing.
    if (text !== "") parts.push(readPart(text, position, names));
    position += text.length + 1;
  }
  return parts;
}

/** Gives the text that percent-encoding stands for; `plus` tells whether `+` is a space, as it is in queries. */
export function decodeText(text: string, position: number, plus: "space" | "plus"): string {
  const spaced = plus === "space" ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw new SyntaxProblem(`'${text.slice(0, 40)}' is not well-formed percent-encoding of UTF-8.`, position, {
      cause,
    });
  }
}

function readPart(text: string, position: number, names: Set<string>): QueryPart {
  const equals = text.indexOf("=");
  const nameText = equals === -1 ? text : text.slice(0, equals);
  const part = namePart(decodeText(nameText, position, "space"), position);
  if (part.kind === "custom") {
    return { ...part, value: equals === -1 ? "" : decodeText(text.slice(equals + 1), position + equals + 1, "space") };
  }
  if (equals === -1)
    throw new SyntaxProblem(`${part.name} must be followed by '=' and a value.`, position + text.length);
  // OData Protocol 4.01, 11.2.1: the same option, with and without `$`, is still the same option.
  if (names.has(part.name)) {
    throw new SyntaxProblem(`${part.name} stands in the URL more than once; it may stand there once.`, position, {
      option: part.name,
    });
  }
  names.add(part.name);
  return { ...part, value: decodeText(text.slice(equals + 1), position + equals + 1, "space") };
}

function namePart(name: string, position: number): QueryPart {
  if (name.startsWith("@")) return { kind: "alias", name: checkedAlias(name, position), value: "", position };
  const option = findOptionKind(name);
  // `$levels` belongs to an item of `$expand`; at the top, the word without `$` is free.
  if (option !== undefined && option !== "levels") {
    return { kind: "system", option, name: `$${option}`, value: "", position };
  }
  if (!name.startsWith("$")) return { kind: "custom", name, value: "", position };
  const near = nearest(name, optionNames);
  const advice = near === undefined ? "Options of your own begin without '$'." : `Did you mean '${near}'?`;
  throw new SyntaxProblem(`'${name}' is not a system query option. ${advice}`, position, { option: name });
}

function checkedAlias(name: string, position: number): string {
  if (name.length > 1 && identifierEnd(name, 1) === name.length) return name;
  throw new SyntaxProblem(`'${name}' is not a parameter alias; one is '@' and a name without dots.`, position);
}
