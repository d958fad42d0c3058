import type { EntityType } from "../../model/define.ts";
import type { Properties } from "../../model/kinds.ts";
import type { Projection } from "../../model/query.ts";
import type { SelectItem } from "../syntax/option-tree.ts";
import { fault, propertiesOf, type Scope, unsupported } from "./scope.ts";

/** Gives the paths that `$select` names; `*` stands for all properties. */
export function bindSelect(scope: Scope, type: EntityType, items: readonly SelectItem[]): Pick<Projection, "select"> {
  if (items.some(({ kind }) => kind === "all")) return {};
  return { select: items.flatMap((item) => bindItem(scope, type, item)) };
}

function bindItem(scope: Scope, type: EntityType, item: SelectItem): readonly (readonly string[])[] {
  if (item.kind !== "property") throw unsupported(scope, item, "Operations in $select");
  if (item.overload !== undefined) throw unsupported(scope, item, "A function in $select");
  const path: string[] = [];
  let properties: Properties = propertiesOf(scope.instance);
  for (const segment of item.path) {
    if (segment.kind !== "name") throw unsupported(scope, segment, "An annotation in $select");
    // A navigation property may be selected; it is shown when it is expanded.
    if (path.length === 0 && Object.hasOwn(type.navigation, segment.name)) return [[segment.name]];
    const property = Object.hasOwn(properties, segment.name) ? properties[segment.name] : undefined;
    if (property === undefined || property.hidden !== undefined) {
      const known = Object.keys(properties).filter((name) => properties[name]?.hidden === undefined);
      throw fault(scope, segment, `'${segment.name}' is not a property here. The properties are ${known.join(", ")}.`);
    }
    path.push(segment.name);
    properties = property.kind.kind === "complex" ? property.kind.type.properties : {};
  }
  return bindNested(scope, item, path, properties);
}

/** `complex($select=a,b)` is short for `complex/a,complex/b` (OData URL Conventions 5.1.4). */
function bindNested(
  scope: Scope,
  item: SelectItem & { readonly kind: "property" },
  path: readonly string[],
  properties: Properties,
): readonly (readonly string[])[] {
  const [option, more] = item.options;
  if (option === undefined) return [path];
  if (option.kind !== "select" || more !== undefined) throw unsupported(scope, item, "This option in $select");
  return option.items.map((nested) => {
    const [segment, deeper] = nested.kind === "property" ? nested.path : [];
    if (segment?.kind !== "name" || deeper !== undefined)
      throw unsupported(scope, nested, "This item of a nested $select");
    if (Object.hasOwn(properties, segment.name)) return [...path, segment.name];
    throw fault(scope, segment, `'${segment.name}' is not a property of ${path.join("/")}.`);
  });
}
