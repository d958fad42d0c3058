import { type SyntaxLimits, syntaxLimits } from "./limits.ts";
import { parseQueryString, type QueryPart } from "./query-string.ts";
import { parseResourcePath, type ResourcePath } from "./resource-path.ts";
import { SyntaxProblem } from "./syntax-problem.ts";

/** The part of a URL behind the root of the service; positions in the query count from its own start. */
export type RelativeUrl = { readonly path: ResourcePath; readonly query: readonly QueryPart[] };

/** Gives path and query of a URL relative to the root of the service, without a slash in front. */
export function parseRelativeUrl(url: string, limits: SyntaxLimits = syntaxLimits): RelativeUrl {
  const mark = url.indexOf("?");
  const pathText = mark === -1 ? url : url.slice(0, mark);
  const path = parseResourcePath(pathText, limits);
  const query = mark === -1 ? [] : parseQueryString(url.slice(mark + 1));
  assertAllowed(path, query, pathText.length);
  return { path, query };
}

// OData URL Conventions 4.01, 4.1, 4.2 and 4.3.4: `$metadata`, `$batch` and `$entity` take few options.
function assertAllowed(path: ResourcePath, query: readonly QueryPart[], end: number): void {
  const allowed = allowedOptions(path);
  if (allowed === undefined) return;
  for (const part of query) {
    if (part.kind === "custom" || allowed.includes(part.name)) continue;
    throw new SyntaxProblem(`${part.name} cannot be used here; only ${allowed.join(", ")} can.`, part.position);
  }
  if (allowed.includes("$id") && !query.some((part) => part.name === "$id")) {
    throw new SyntaxProblem("$entity needs the option $id, the URL of the entity.", end);
  }
}

function allowedOptions(path: ResourcePath): readonly string[] | undefined {
  switch (path[0]?.kind) {
    case "$batch":
    case "$metadata":
      return ["$format"];
    case "$entity":
      return path.length === 1 ? ["$id", "$format"] : ["$id", "$format", "$select", "$expand"];
    default:
      return undefined;
  }
}
