import type {
  Annotations,
  AnnotationValue,
  Container,
  EntitySet,
  EnumType,
  Operation,
  Schema,
  SchemaElement,
  StructuredType,
  Typed,
  TypeUse,
} from "./csdl.ts";

/** The versions of OData that a schema can be printed in. */
export type CsdlVersion = "4.0" | "4.01";

/** Prints a schema as CSDL XML (OData CSDL XML 4.01). */
export function printCsdlXml(schema: Schema, version: CsdlVersion): string {
  const { namespace, alias, elements, container, annotations } = schema;
  const edmx = element("edmx:Edmx", { Version: version, "xmlns:edmx": `${namespaces}edmx` }, [
    ...schema.vocabularies.map(({ url, namespace, alias }) =>
      element("edmx:Reference", { Uri: `${url}.xml` }, [
        element("edmx:Include", { Namespace: namespace, Alias: alias }, []),
      ]),
    ),
    element("edmx:DataServices", {}, [
      element("Schema", { Namespace: namespace, Alias: alias, xmlns: `${namespaces}edm` }, [
        ...elements.map(elementOf),
        containerOf(container),
        ...annotationsOf(annotations),
      ]),
    ]),
  ]);
  return `<?xml version="1.0" encoding="utf-8"?>\n${print(edmx, "").join("\n")}\n`;
}

const namespaces = "http://docs.oasis-open.org/odata/ns/";

interface XmlElement {
  readonly name: string;
  readonly attributes: Attributes;
  readonly content: readonly XmlElement[] | string;
}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

function element(name: string, attributes: Attributes, content: XmlElement["content"]): XmlElement {
  return { name, attributes, content };
}

function elementOf(each: SchemaElement): XmlElement {
  switch (each.kind) {
    case "EnumType":
      return enumTypeOf(each);
    case "EntityType":
    case "ComplexType":
      return structuredTypeOf(each);
    case "Function":
    case "Action":
      return operationOf(each);
  }
}

function enumTypeOf({ kind, name, members, annotations }: EnumType): XmlElement {
  const all = members.map((member, value) => element("Member", { Name: member, Value: value }, []));
  return element(kind, { Name: name }, [...all, ...annotationsOf(annotations)]);
}

function structuredTypeOf(type: StructuredType): XmlElement {
  const { kind, name, baseType, isAbstract, isOpen, key, properties, navigation, annotations } = type;
  return element(kind, { Name: name, BaseType: baseType, Abstract: isAbstract, OpenType: isOpen }, [
    ...(key === undefined ? [] : [element("Key", {}, [element("PropertyRef", { Name: key }, [])])]),
    ...properties.map((each) => typedOf("Property", each)),
    ...navigation.map((each) => typedOf("NavigationProperty", each)),
    ...annotationsOf(annotations),
  ]);
}

function operationOf({ kind, name, parameters, returns, entitySetPath, annotations }: Operation): XmlElement {
  return element(kind, { Name: name, IsBound: true, EntitySetPath: entitySetPath }, [
    ...parameters.map((each) => typedOf("Parameter", each)),
    ...(returns === undefined ? [] : [element("ReturnType", useOf(returns), [])]),
    ...annotationsOf(annotations),
  ]);
}

function typedOf(kind: "Property" | "NavigationProperty" | "Parameter", { name, use, annotations }: Typed): XmlElement {
  // A collection of entities is never null, nor is a member of it: nothing is to be said (CSDL XML 4.01, 8.3).
  const unsaid = kind === "NavigationProperty" && use.isCollection ? { Nullable: undefined } : {};
  return element(kind, { Name: name, ...useOf(use), ...unsaid }, annotationsOf(annotations));
}

function useOf({ type, isCollection, isNullable, maxLength, precision }: TypeUse): Attributes {
  return {
    Type: isCollection ? `Collection(${type})` : type,
    Nullable: isNullable ? undefined : false,
    MaxLength: maxLength,
    Precision: precision,
  };
}

function containerOf({ name, sets, annotations }: Container): XmlElement {
  return element("EntityContainer", { Name: name }, [...sets.map(entitySetOf), ...annotationsOf(annotations)]);
}

function entitySetOf({ name, type, bindings, annotations }: EntitySet): XmlElement {
  const all = Object.entries(bindings).map(([path, target]) =>
    element("NavigationPropertyBinding", { Path: path, Target: target }, []),
  );
  return element("EntitySet", { Name: name, EntityType: type }, [...all, ...annotationsOf(annotations)]);
}

function annotationsOf(annotations: Annotations): readonly XmlElement[] {
  return Object.entries(annotations).map(([term, value]) => valued("Annotation", { Term: term }, value));
}

// A single value stands in an attribute, a record or collection inside (CSDL XML 4.01, 14.3 and 14.4).
function valued(name: string, attributes: Attributes, value: AnnotationValue): XmlElement {
  const { name: kind, content, attributes: own } = constantOf(value);
  if (typeof content === "string") return element(name, { ...attributes, [kind]: content }, []);
  return element(name, attributes, [element(kind, own, content)]);
}

function constantOf(value: AnnotationValue): XmlElement {
  if (typeof value === "string") return element("String", {}, value);
  if (typeof value === "boolean") return element("Bool", {}, String(value));
  if (typeof value === "number") return element("Int", {}, String(value));
  if ("path" in value) return element(value.leadsTo, {}, value.path);
  if ("member" in value) return element("EnumMember", {}, `${value.of}/${value.member}`);
  if ("record" in value) {
    const values = Object.entries(value.record).map(([name, each]) =>
      valued("PropertyValue", { Property: name }, each),
    );
    return element("Record", { Type: value.type }, values);
  }
  return element("Collection", {}, value.map(constantOf));
}

function print({ name, attributes, content }: XmlElement, indent: string): readonly string[] {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const start = [name, ...given.map(([key, value]) => `${key}="${escapeXml(String(value))}"`)].join(" ");
  if (typeof content === "string") return [`${indent}<${start}>${escapeXml(content)}</${name}>`];
  if (content.length === 0) return [`${indent}<${start} />`];
  const inside = content.flatMap((each) => print(each, `${indent}  `));
  return [`${indent}<${start}>`, ...inside, `${indent}</${name}>`];
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
