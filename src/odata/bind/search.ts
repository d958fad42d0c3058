import type { EntityType } from "../../model/define.ts";
import type { Properties } from "../../model/kinds.ts";
import type { Expression } from "../../model/query.ts";
import { visible } from "../../model/visible.ts";
import type { Search } from "../syntax/search-tree.ts";
import { type Scope, spend, unsupported } from "./scope.ts";

/**
 * Gives the condition that a search stands for: each word or phrase is found in one of the texts of the entity, in any
 * case of letters. Microsoft Graph's `"property:text"` looks into that property alone.
 */
export function bindSearch(scope: Scope, type: EntityType, search: Search): Expression {
  switch (search.kind) {
    case "word":
    case "phrase":
      spend(scope, search, 3 * searchable(type.properties, []).length);
      return bindTerm(scope.instance.number, type, search.text);
    case "not":
      return { kind: "not", operand: bindSearch(scope, type, search.operand) };
    case "and":
    case "or":
      return {
        kind: search.kind,
        left: bindSearch(scope, type, search.left),
        right: bindSearch(scope, type, search.right),
      };
    case "incomplete":
      throw unsupported(scope, search, "A phrase that does not end");
  }
}

function bindTerm(variable: number, type: EntityType, text: string): Expression {
  const all = searchable(type.properties, []);
  const [, property = "", rest = ""] = /^([A-Za-z/]+):(.+)$/s.exec(text) ?? [];
  const own = all.filter((path) => path.join("/") === property || path.at(-1) === property);
  const [paths, wanted] = own.length > 0 ? [own, rest] : [all, text];
  return { kind: "search", variable, paths, text: wanted.toLowerCase() };
}

function searchable(properties: Properties, parents: readonly string[]): readonly (readonly string[])[] {
  return visible(properties).flatMap(([name, { kind, shows }]) => {
    if (shows !== undefined) return [];
    const path = [...parents, name];
    if (kind.kind === "complex" && kind.keptAs === "columns") return searchable(kind.type.properties, path);
    return kind.kind === "text" ? [path] : [];
  });
}
