import type { Search } from "./search-tree.ts";

// The tree of an expression as it was written. No name is looked up in a model here: whether `Address` is a
// property or a type, and whether `Items(ID=1)` is a key or a call, is for the step that knows the model.
// Every node carries the position of its first character; `infix`, `has` and `in` carry that of
// their operator, because their operands carry their own.

type Node<Kind extends string> = { readonly kind: Kind; readonly position: number };

export type Expression =
  | Literal
  | Path
  | Method
  | Negation
  | Infix
  | Has
  | Membership
  | TypeTest
  | Case
  | ArrayLiteral
  | ObjectLiteral;

// A quoted text is always a string here. A duration, an enumeration value or a GUID may also be written as a mere
// quoted text; the type of the other operand decides that later (OData Protocol 4.01, 12.2.1 number 9).
export type Literal =
  | Node<"null">
  | (Node<"boolean"> & { readonly value: boolean })
  | NumberLiteral
  | StringLiteral
  | (Node<"guid"> & { readonly text: string })
  | (Node<"date"> & { readonly text: string })
  | (Node<"dateTimeOffset"> & { readonly text: string })
  | (Node<"timeOfDay"> & { readonly text: string })
  | (Node<"duration"> & { readonly text: string })
  | EnumLiteral
  | (Node<"binary"> & { readonly text: string })
  | GeoLiteral;

/** A number as text, so that no digit is lost: without a plus sign, with `INF`, `-INF` and `NaN` as doubles. */
export type NumberLiteral = Node<"number"> & { readonly form: "integer" | "decimal" | "double"; readonly text: string };

export type StringLiteral = Node<"string"> & { readonly value: string };

/** A value of a named enumeration type; each member is a name or a whole number. */
export type EnumLiteral = Node<"enum"> & { readonly typeName: string; readonly members: readonly string[] };

/** A checked well-known text such as `Point(1 2)`, with its reference system. */
export type GeoLiteral = Node<"geography" | "geometry"> & { readonly srid: number; readonly text: string };

export type Path = Node<"path"> & { readonly segments: readonly Segment[] };

export type Segment = Variable | Alias | Name | Call | Key | CompoundKey | Annotation | FilterSegment | Lambda | Count;

/** Only first in a path: the current instance, the root of the service, and so on. */
export type Variable = Node<"variable"> & { readonly name: "$it" | "$root" | "$this" | "$these" };

/** Only first in a path: `@name`, a parameter alias or else an annotation without a namespace. */
type Alias = Node<"alias"> & { readonly name: string };

/** A property, a type, a lambda variable or an operation without parentheses; with dots when it is qualified. */
export type Name = Node<"name"> & { readonly name: string };

/** A function with its parameters or, when the name is that of a collection, a key of named values. */
export type Call = Node<"call"> & { readonly name: string; readonly parameters: readonly Parameter[] };

export type Parameter = Node<"parameter"> & { readonly name: string; readonly value: Expression };

/** The key of the segment before, as one value. */
export type Key = Node<"key"> & { readonly value: Literal | Path };

/** The key of a function's result or of a filtered collection, as named values. */
export type CompoundKey = Node<"compoundKey"> & { readonly parameters: readonly Parameter[] };

export type Annotation = Node<"annotation"> & { readonly name: string; readonly qualifier: string | undefined };

export type FilterSegment = Node<"filterSegment"> & { readonly condition: Expression };

export type Lambda = Node<"any" | "all"> & { readonly predicate: Predicate | undefined };

export type Predicate = { readonly variable: string; readonly condition: Expression };

export type Count = Node<"count"> & { readonly options: readonly CountOption[] };

export type CountOption = FilterOption | SearchOption;

export type FilterOption = Node<"filter"> & { readonly condition: Expression };

export type SearchOption = Node<"search"> & { readonly search: Search };

export type Method = Node<"method"> & { readonly name: MethodName; readonly values: readonly Expression[] };

export type Negation = Node<"not" | "negate"> & { readonly operand: Expression };

export type Infix = Node<"infix"> & {
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
};

export type BinaryOperator =
  | ("or" | "and")
  | ("eq" | "ne" | "gt" | "ge" | "lt" | "le")
  | ("add" | "sub" | "mul" | "div" | "divby" | "mod");

export type Has = Node<"has"> & { readonly left: Expression; readonly flags: EnumLiteral | StringLiteral };

export type Membership = Node<"in"> & { readonly left: Expression; readonly right: List | Expression };

/** Stands only right of `in`. */
export type List = Node<"list"> & { readonly items: readonly Literal[] };

/** Without an operand it speaks of the current instance. */
export type TypeTest = Node<"cast" | "isof"> & {
  readonly operand: Expression | undefined;
  readonly type: TypeName;
};

export type TypeName = Node<"type"> & { readonly name: string; readonly multiplicity: "one" | "many" };

export type Case = Node<"case"> & { readonly branches: readonly Branch[] };

export type Branch = { readonly condition: Expression; readonly value: Expression };

export type ArrayLiteral = Node<"array"> & { readonly items: readonly Expression[] };

export type ObjectLiteral = Node<"object"> & { readonly members: readonly Member[] };

export type Member = Node<"member"> & { readonly name: string; readonly value: Expression };

export type MethodName =
  | ("concat" | "contains" | "endswith" | "indexof" | "length" | "matchesPattern" | "startswith" | "substring")
  | ("tolower" | "toupper" | "trim" | "hassubset" | "hassubsequence")
  | ("year" | "month" | "day" | "hour" | "minute" | "second" | "fractionalseconds" | "totalseconds")
  | ("date" | "time" | "totaloffsetminutes" | "mindatetime" | "maxdatetime" | "now")
  | ("round" | "floor" | "ceiling" | "geo.distance" | "geo.length" | "geo.intersects");
