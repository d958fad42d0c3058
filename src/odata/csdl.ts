/**
 * A schema as OData CSDL 4.01 has it, in neither of its two notations. `metadata-xml.ts` and `metadata-json.ts` print it.
 * Names of types and terms are qualified with an alias.
 */
export interface Schema extends Annotated {
  readonly namespace: string;
  readonly alias: string;
  readonly vocabularies: readonly Vocabulary[];
  readonly elements: readonly SchemaElement[];
  readonly container: Container;
}

/** A schema of others whose terms are used; the URL lacks the extension that tells its notation. */
export interface Vocabulary {
  readonly url: string;
  readonly namespace: string;
  readonly alias: string;
}

export type SchemaElement = EnumType | StructuredType | Operation;

export interface EnumType extends Annotated {
  readonly kind: "EnumType";
  readonly name: string;
  /** In the order of their values, which begin with 0. */
  readonly members: readonly string[];
}

export interface StructuredType extends Annotated {
  readonly kind: "EntityType" | "ComplexType";
  readonly name: string;
  readonly baseType?: string;
  readonly isAbstract?: true;
  readonly isOpen?: true;
  readonly key?: string;
  readonly properties: readonly Typed[];
  readonly navigation: readonly Typed[];
}

/** A function or action, bound to its first parameter. */
export interface Operation extends Annotated {
  readonly kind: "Function" | "Action";
  readonly name: string;
  readonly parameters: readonly Typed[];
  readonly returns?: TypeUse;
  /** Where the entities that are returned live, seen from the binding parameter. */
  readonly entitySetPath?: string;
}

/** A property, navigation property or parameter. */
export interface Typed extends Annotated {
  readonly name: string;
  readonly use: TypeUse;
}

/** A type where it is used. Of a collection, `isNullable` tells of its items. */
export interface TypeUse {
  readonly type: string;
  readonly isCollection: boolean;
  readonly isNullable: boolean;
  readonly maxLength?: number;
  readonly precision?: number;
}

export interface Container extends Annotated {
  readonly name: string;
  readonly sets: readonly EntitySet[];
}

export interface EntitySet extends Annotated {
  readonly name: string;
  readonly type: string;
  /** The entity sets that navigation leads to, by its path. */
  readonly bindings: Readonly<Record<string, string>>;
}

interface Annotated {
  readonly annotations: Annotations;
}

/** The annotations of an element, by their terms. */
export type Annotations = Readonly<Record<string, AnnotationValue>>;

export type AnnotationValue =
  | string
  | number
  | boolean
  | AnnotationRecord
  | AnnotationPath
  | AnnotationMember
  | readonly AnnotationValue[];

/** Named values; the type stands there when it is derived from the one that the term is declared with. */
export interface AnnotationRecord {
  readonly record: Annotations;
  readonly type?: string;
}

/** The path of a property, or of a navigation property. */
export interface AnnotationPath {
  readonly path: string;
  readonly leadsTo: "PropertyPath" | "NavigationPropertyPath";
}

/** A member of an enumeration. */
interface AnnotationMember {
  readonly member: string;
  readonly of: string;
}
