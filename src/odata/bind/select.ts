import type { EntityType } from "../../model/define.ts";
import type { Properties } from "../../model/kinds.ts";
import type { Projection } from "../../model/query.ts";
import type { SelectItem } from "../syntax/option-tree.ts";
import { fault, isTypeName, propertiesOf, type Scope, unknownName, unsupported } from "./scope.ts";

/** Gives the paths that `$select` names; `*` stands for all properties. */
export function bindSelect(scope: Scope, type: EntityType, items: readonly SelectItem[]): Pick<Projection, "select"> {
  const select = items.map((item) => bindItem(scope, type, item));
  return select.includes("all") ? {} : { select: select.flatMap((paths) => (paths === "all" ? [] : paths)) };
}

function bindItem(scope: Scope, type: EntityType, item: SelectItem): "all" | readonly (readonly string[])[] {
  if (item.kind === "all") return "all";
  if (item.kind !== "property") throw unsupported(scope, item, "Operations in $select");
  if (item.overload !== undefined) throw unsupported(scope, item, "A function in $select");
  const [first, ...others] = item.path;
  // A cast to the very type that stands there says nothing.
  const isCast = first?.kind === "name" && others.length > 0 && isTypeName(first.name, type.name);
  const segments = isCast ? others : item.path;
  const [name] = segments;
  if (name?.kind === "name" && segments.length === 1 && item.options.length === 0) {
    // A navigation property may be selected; it is shown when it is expanded.
    if (scope.computed.has(name.name) || Object.hasOwn(type.navigation, name.name)) return [[name.name]];
  }
  return bindPath(scope, type.name, propertiesOf(scope.instance), { ...item, path: segments });
}

type Item = SelectItem & { readonly kind: "property" };

function bindPath(scope: Scope, owner: string, properties: Properties, item: Item): readonly (readonly string[])[] {
  const path: string[] = [];
  let known = properties;
  let type = owner;
  for (const segment of item.path) {
    if (segment.kind !== "name") throw unsupported(scope, segment, "An annotation in $select");
    const property = Object.hasOwn(known, segment.name) ? known[segment.name] : undefined;
    if (property === undefined || property.hidden !== undefined) {
      const names = Object.keys(known).filter((name) => known[name]?.hidden === undefined);
      throw fault(scope, segment, unknownName(segment.name, names, type));
    }
    path.push(segment.name);
    const { kind } = property;
    type = kind.kind === "complex" ? kind.type.name : segment.name;
    known = kind.kind === "complex" ? kind.type.properties : {};
  }
  return bindNested(scope, item, { path, type, properties: known });
}

/** `complex($select=a,b)` is short for `complex/a,complex/b` (OData URL Conventions 5.1.4). */
function bindNested(
  scope: Scope,
  item: Item,
  place: { readonly path: readonly string[]; readonly type: string; readonly properties: Properties },
): readonly (readonly string[])[] {
  const [option, more] = item.options;
  if (option === undefined) return [place.path];
  if (option.kind !== "select" || more !== undefined)
    throw unsupported(scope, more ?? option, "An option other than $select behind a property");
  return option.items.flatMap((nested) => {
    if (nested.kind === "all") return [place.path];
    if (nested.kind !== "property") throw unsupported(scope, nested, "Operations in $select");
    if (nested.overload !== undefined) throw unsupported(scope, nested, "A function in $select");
    return bindPath(scope, place.type, place.properties, nested).map((path) => [...place.path, ...path]);
  });
}
