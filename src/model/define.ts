import type {
  Choice,
  Complex,
  Dictionary,
  Flag,
  Identifier,
  Instant,
  Integer,
  Kind,
  Link,
  List,
  Properties,
  Property,
  Text,
} from "./kinds.ts";

/** An entity type: its properties, the entity set it lives in, and where its navigation leads. */
export interface EntityType {
  readonly name: string;
  readonly set: string;
  readonly description: string;
  readonly properties: Properties;
  readonly navigation: Readonly<Record<string, Navigation>>;
  /** Properties by which a URL may name an entity as well: no two of a partner's have the same value there, null aside. */
  readonly alternateKeys?: readonly string[];
  /** Present when delta follows the changes of the set. */
  readonly changes?: "tracked";
}

/** A collection-valued navigation; `by` is the hidden property that holds the key of its one member. */
interface Navigation {
  readonly to: () => EntityType;
  readonly by: string;
  readonly description: string;
}

/** A property whose kind, nullability and description are known to the type system. */
interface Declared<K extends Kind, Nullable extends boolean> extends Property {
  // Without NoInfer the place where a property stands would widen its kind to any kind.
  readonly kind: NoInfer<K>;
  readonly nullable: Nullable;
}

/** Given on create, never null, may be changed. */
export function required<K extends Kind>(kind: K, description: string): Declared<K, false> {
  return { kind, nullable: false, create: "required", update: "allowed", description };
}

/** Given on create, never null, stays as it is. */
export function requiredOnce<K extends Kind>(kind: K, description: string): Declared<K, false> {
  return { kind, nullable: false, create: "required", update: "refused", description };
}

/** May be given, may be null, may be changed. */
export function optional<K extends Kind>(kind: K, description: string): Declared<K, true> {
  return { kind, nullable: true, create: "optional", update: "allowed", description };
}

/** May be given on create; afterwards it stays as it is, but for a null that may be filled when `update` says so. */
export function fixed<K extends Kind>(
  kind: K,
  description: string,
  update: "refused" | "whenNull" = "refused",
): Declared<K, true> {
  return { kind, nullable: true, create: "optional", update, description };
}

/** May be given on create, stays as it is, and is never null: what is not given is filled in by the server. */
export function fixedAlways<K extends Kind>(kind: K, description: string): Declared<K, false> {
  return { kind, nullable: false, create: "optional", update: "refused", description };
}

/** May be given on create, may be changed, and is never null: what is not given is filled in by the server. */
export function optionalAlways<K extends Kind>(kind: K, description: string): Declared<K, false> {
  return { kind, nullable: false, create: "optional", update: "allowed", description };
}

/** Set by the server and never null. */
export function computed<K extends Kind>(kind: K, description: string): Declared<K, false> {
  return { kind, nullable: false, create: "computed", update: "refused", description };
}

/** Set by the server, null until then. */
export function computedLater<K extends Kind>(kind: K, description: string): Declared<K, true> {
  return { kind, nullable: true, create: "computed", update: "refused", description };
}

/** Shows the value of another property of the same entity, given by its path. */
export function shows<K extends Kind>(kind: K, path: string, description: string): Declared<K, true> {
  return { ...computedLater(kind, description), shows: path };
}

/** Kept with the entity and never part of the API. */
export function hidden<K extends Kind>(kind: K, description: string): Declared<K, true> {
  return { ...computedLater(kind, description), hidden: true };
}

/** Like `hidden`, and never null. */
export function hiddenAlways<K extends Kind>(kind: K, description: string): Declared<K, false> {
  return { ...computed(kind, description), hidden: true };
}

type ValueOfKind<K extends Kind> = K extends Text | Identifier | Link | Instant
  ? string
  : K extends Flag
    ? boolean
    : K extends Integer
      ? number
      : K extends Choice<string, infer Member>
        ? Member
        : K extends Complex<infer Type>
          ? ValuesOf<Type["properties"]>
          : K extends List<infer Of>
            ? readonly ValueOfKind<Of>[]
            : K extends Dictionary
              ? Readonly<Record<string, string>>
              : never;

type ValueOf<P extends Property> = P["nullable"] extends true ? ValueOfKind<P["kind"]> | null : ValueOfKind<P["kind"]>;

/** The values of all properties, hidden ones too, as the server holds them. */
export type ValuesOf<P extends Properties> = { readonly [Name in keyof P]: ValueOf<P[Name]> };

/** An entity as the server holds it. */
export type EntityOf<T extends EntityType> = ValuesOf<T["properties"]>;

/** Anything with named values: an entity, a complex value, a checked body. */
export type Values = Readonly<Record<string, unknown>>;

/** Tells values from a text, a number, a list or null. */
export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
