import type { EntityType } from "../../model/define.ts";
import type { Kind, List, Properties } from "../../model/kinds.ts";
import type { Projection } from "../../model/query.ts";
import { findVisible, visible } from "../../model/visible.ts";
import type { SelectItem } from "../syntax/option-tree.ts";
import { bindItems } from "./items.ts";
import { fault, isTypeName, propertiesOf, type Scope, unknownName, unsupported } from "./scope.ts";

/** What `$select` names: paths, or all properties; and the items of collections that it asks for. */
type Selected = Pick<Projection, "select" | "items">;

/** Resolves `$select`; `*` stands for all properties. */
export function bindSelect(scope: Scope, type: EntityType, items: readonly SelectItem[]): Selected {
  const selected = items.map((item) => bindItem(scope, type, item));
  const isAll = selected.some(({ select }) => select === undefined);
  const queries = selected.flatMap((each) => each.items ?? []);
  return {
    ...(isAll ? {} : { select: selected.flatMap((each) => each.select ?? []) }),
    ...(queries.length === 0 ? {} : { items: queries }),
  };
}

function bindItem(scope: Scope, type: EntityType, item: SelectItem): Selected {
  if (item.kind === "all") return {};
  if (item.kind !== "property") throw unsupported(scope, item, "Operations in $select");
  if (item.overload !== undefined) throw unsupported(scope, item, "A function in $select");
  const [first, ...others] = item.path;
  // A cast to the very type that stands there says nothing.
  const isCast = first?.kind === "name" && others.length > 0 && isTypeName(first.name, type.name);
  const segments = isCast ? others : item.path;
  const [name] = segments;
  if (name?.kind === "name" && segments.length === 1 && item.options.length === 0) {
    // A navigation property may be selected; it is shown when it is expanded.
    if (scope.computed.has(name.name) || Object.hasOwn(type.navigation, name.name)) return { select: [[name.name]] };
  }
  const place = { path: [], type: type.name, properties: propertiesOf(scope.instance) };
  return bindPath(scope, place, { ...item, path: segments });
}

interface Place {
  readonly path: readonly string[];
  readonly type: string;
  readonly properties: Properties;
  /** The collection that stands here, if it is one. */
  readonly list?: List;
}

type Item = SelectItem & { readonly kind: "property" };

function bindPath(scope: Scope, from: Place, item: Item): Selected & Required<Pick<Projection, "select">> {
  let place = from;
  for (const segment of item.path) {
    if (segment.kind !== "name") throw unsupported(scope, segment, "An annotation in $select");
    const { properties } = place;
    const property = findVisible(properties, segment.name);
    if (property === undefined) {
      const names = visible(properties).map(([name]) => name);
      throw fault(scope, segment, unknownName(segment.name, names, place.type));
    }
    place = enter([...place.path, segment.name], property.kind);
  }
  return bindNested(scope, item, place);
}

function enter(path: readonly string[], kind: Kind): Place {
  const items = kind.kind === "list" ? kind.of : kind;
  const list = kind.kind === "list" ? { list: kind } : {};
  if (items.kind !== "complex") return { path, type: path.join("/"), properties: {}, ...list };
  return { path, type: items.type.name, properties: items.type.properties, ...list };
}

/** `complex($select=a,b)` is short for `complex/a,complex/b` (OData URL Conventions 5.1.4). */
function bindNested(scope: Scope, item: Item, place: Place): Selected & Required<Pick<Projection, "select">> {
  const { path, list } = place;
  const other = item.options.find(({ kind }) => kind !== "select");
  if (other !== undefined && list === undefined)
    throw unsupported(scope, other, "An option other than $select behind a single value");
  const items = other === undefined || list === undefined ? [] : [bindItems(scope, path, list, item.options)];
  const nested = item.options.flatMap((option) => (option.kind === "select" ? option.items : []));
  const below = nested.map((each) => {
    if (each.kind === "all") return { select: [path] };
    if (each.kind !== "property" || each.overload !== undefined)
      throw unsupported(scope, each, "An operation in $select");
    return bindPath(scope, place, each);
  });
  const select = nested.length === 0 ? [path] : below.flatMap((each) => each.select);
  const queries = [...items, ...below.flatMap((each) => ("items" in each ? (each.items ?? []) : []))];
  return { select, ...(queries.length === 0 ? {} : { items: queries }) };
}
