import type { Annotation, Expression, FilterOption, Name, SearchOption } from "./tree.ts";

type Node<Kind extends string> = { readonly kind: Kind; readonly position: number };

/** A system query option or the value of a parameter alias, read; `position` is that of its value. */
export type QueryOption =
  | FilterOption
  | SearchOption
  | (Node<"orderby"> & { readonly items: readonly OrderItem[] })
  | (Node<"select"> & { readonly items: readonly SelectItem[] })
  | (Node<"expand"> & { readonly items: readonly ExpandItem[] })
  | (Node<"compute"> & { readonly items: readonly ComputeItem[] })
  | (Node<"count"> & { readonly value: boolean })
  | (Node<"top" | "skip" | "index"> & { readonly value: number })
  | (Node<"levels"> & { readonly value: number | "max" })
  | (Node<TextOptionKind> & { readonly text: string })
  | (Node<"alias"> & { readonly name: string; readonly value: Expression });

/** Options whose value is one text; the grammar of `$apply` is in a standard of its own and is not read here. */
export type TextOptionKind = "apply" | "format" | "id" | "skiptoken" | "deltatoken" | "schemaversion";

export type OptionKind = QueryOption["kind"];

export type OrderItem = Node<"order"> & { readonly expression: Expression; readonly direction: "asc" | "desc" };

export type ComputeItem = Node<"computed"> & { readonly expression: Expression; readonly name: string };

/** `*`, or all operations of a namespace, or a path with the options of its last segment. */
export type SelectItem =
  | Node<"all">
  | (Node<"operations"> & { readonly namespace: string })
  | (Node<"property"> & {
      readonly path: readonly (Name | Annotation)[];
      /** The names in `Function(name,name)`, which tell overloads apart. */
      readonly overload: readonly string[] | undefined;
      readonly options: readonly QueryOption[];
    });

/** `$value`, or a path that may end in `*`; `shape` tells what is put in place of the navigation. */
export type ExpandItem =
  | Node<"value">
  | (Node<"navigation"> & {
      readonly path: readonly (Name | Annotation | Node<"all">)[];
      readonly shape: "entities" | "references" | "count";
      readonly options: readonly QueryOption[];
    });
