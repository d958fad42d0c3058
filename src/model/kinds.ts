/**
 * The kinds of value that a property can have. A kind is data: every interpreter (bodies, columns, `$metadata`,
 * OpenAPI, payloads, TypeScript types) reads it and none of them is known here.
 */
export type Kind = Text | Identifier | Link | Flag | Integer | Instant | Choice | Complex | List | Dictionary;

/** Edm.String. Lengths count characters. */
export interface Text {
  readonly kind: "text";
  readonly lengthMin: number;
  readonly lengthMax: number;
  readonly pattern?: RegExp;
  /** What a value that fits the pattern looks like; it is shown when one does not. */
  readonly example?: string;
  /** Nobody but its owner may see it: it is never repeated in a message. */
  readonly secret?: true;
}
/** Edm.String that holds a lower-case UUID. */
export interface Identifier {
  readonly kind: "identifier";
}
/** Edm.String that is kept relative to the service root and printed absolute. */
export interface Link {
  readonly kind: "link";
}
/** Edm.Boolean. */
export interface Flag {
  readonly kind: "boolean";
}
/** Edm.Int32. */
export interface Integer {
  readonly kind: "integer";
}
/** Edm.DateTimeOffset, kept as ISO 8601 text in UTC with milliseconds, so that text order is time order. */
export interface Instant {
  readonly kind: "instant";
}
/** An evolvable enumeration: its members in order; those after `unknownFutureValue` are masked. */
export interface Choice<Name extends string = string, Member extends string = string> {
  readonly kind: "choice";
  readonly name: Name;
  readonly members: readonly Member[];
}
/** A complex type. `json`: kept in one column as JSON text; `columns`: a column for each of its properties. */
export interface Complex<Type extends ComplexType = ComplexType> {
  readonly kind: "complex";
  readonly type: Type;
  readonly keptAs: "columns" | "json";
}
/** A collection, kept as JSON text. */
export interface List<Of extends Text | Complex = Text | Complex> {
  readonly kind: "list";
  readonly of: Of;
}
/** An open complex type of text values, kept as JSON text. */
export interface Dictionary {
  readonly kind: "dictionary";
  readonly name: string;
  readonly entriesMax: number;
  readonly keyLengthMax: number;
  readonly keyPattern: RegExp;
  readonly valueLengthMax: number;
}

export interface ComplexType {
  readonly name: string;
  readonly description: string;
  readonly properties: Properties;
}

export type Properties = Readonly<Record<string, Property>>;

export interface Property {
  readonly kind: Kind;
  readonly nullable: boolean;
  /** What a create may say: must be given, may be given, or set by the server alone. */
  readonly create: "required" | "optional" | "computed";
  /** What an update may say: anything, only what replaces null, or nothing new. */
  readonly update: "allowed" | "whenNull" | "refused";
  /** The path of the property whose value this one shows: it has no column of its own. */
  readonly shows?: string;
  /** Kept, but never part of the API. */
  readonly hidden?: true;
  readonly description: string;
}

/** A UUID (RFC 9562), in either case. */
export const uuidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export const identifier = { kind: "identifier" } as const satisfies Identifier;
export const link = { kind: "link" } as const satisfies Link;
export const flag = { kind: "boolean" } as const satisfies Flag;
export const integer = { kind: "integer" } as const satisfies Integer;
export const instant = { kind: "instant" } as const satisfies Instant;

export function text(limits: {
  lengthMin?: number;
  lengthMax: number;
  pattern?: RegExp;
  example?: string;
  secret?: true;
}): Text {
  return { kind: "text", lengthMin: 1, ...limits };
}

export function choice<const Name extends string, const Member extends string>(
  name: Name,
  ...members: readonly Member[]
): Choice<Name, Member> {
  return { kind: "choice", name, members };
}

export function complex<Type extends ComplexType>(type: Type): Complex<Type> {
  return { kind: "complex", type, keptAs: "columns" };
}

export function document<Type extends ComplexType>(type: Type): Complex<Type> {
  return { kind: "complex", type, keptAs: "json" };
}

export function list<Of extends Text | Complex>(of: Of): List<Of> {
  return { kind: "list", of };
}
