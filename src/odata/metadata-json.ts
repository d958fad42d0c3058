import type { Values } from "../model/define.ts";
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
  Vocabulary,
} from "./csdl.ts";
import type { CsdlVersion } from "./metadata-xml.ts";

/** Prints a schema as CSDL JSON (OData CSDL JSON 4.01). */
export function printCsdlJson(schema: Schema, version: CsdlVersion): Values {
  const { namespace, alias, vocabularies, elements, container, annotations } = schema;
  const print = printer(vocabularies);
  const members = new Map<string, unknown>();
  for (const each of elements) if (!isOperation(each)) members.set(each.name, printType(each, print));
  // Functions and actions of one name are overloads of each other: they share a member.
  const operations = elements.filter(isOperation);
  for (const { name } of operations) {
    const overloads = operations.filter((each) => each.name === name);
    members.set(
      name,
      overloads.map((each) => printOperation(each, print)),
    );
  }
  return {
    $Version: version,
    $Reference: Object.fromEntries(
      vocabularies.map((each) => [
        `${each.url}.json`,
        { $Include: [{ $Namespace: each.namespace, $Alias: each.alias }] },
      ]),
    ),
    $EntityContainer: `${namespace}.${container.name}`,
    [namespace]: {
      $Alias: alias,
      ...Object.fromEntries(members),
      [container.name]: printContainer(container, print),
      ...print(annotations),
    },
  };
}

function isOperation(element: SchemaElement): element is Operation {
  return element.kind === "Function" || element.kind === "Action";
}

type PrintAnnotations = (annotations: Annotations) => Values;

/** Makes what prints annotations: a record of a derived type names it by the URL of its vocabulary (CSDL JSON 14.4.12). */
function printer(vocabularies: readonly Vocabulary[]): PrintAnnotations {
  const typeUrl = (type: string) => {
    const [alias = "", name = ""] = type.split(".");
    const vocabulary = vocabularies.find((each) => each.alias === alias);
    return `${vocabulary?.url}.json#${vocabulary?.namespace}.${name}`;
  };
  const printValue = (value: AnnotationValue): unknown => {
    if (typeof value !== "object") return value;
    if ("path" in value) return value.path;
    if ("member" in value) return value.member;
    if (!("record" in value)) return value.map(printValue);
    const values = Object.entries(value.record).map(([name, each]) => [name, printValue(each)]);
    return { ...(value.type === undefined ? {} : { "@type": typeUrl(value.type) }), ...Object.fromEntries(values) };
  };
  return (annotations) =>
    Object.fromEntries(Object.entries(annotations).map(([term, value]) => [`@${term}`, printValue(value)]));
}

function printType(type: EnumType | StructuredType, print: PrintAnnotations): Values {
  if (type.kind !== "EnumType") return printStructuredType(type, print);
  const members = type.members.map((member, value) => [member, value]);
  return { $Kind: type.kind, ...Object.fromEntries(members), ...print(type.annotations) };
}

function printStructuredType(type: StructuredType, print: PrintAnnotations): Values {
  const { kind, baseType, isAbstract, isOpen, key, properties, navigation, annotations } = type;
  return {
    $Kind: kind,
    ...(baseType === undefined ? {} : { $BaseType: baseType }),
    ...(isAbstract === undefined ? {} : { $Abstract: isAbstract }),
    ...(isOpen === undefined ? {} : { $OpenType: isOpen }),
    ...(key === undefined ? {} : { $Key: [key] }),
    ...Object.fromEntries(properties.map((each) => [each.name, printTyped(each, print)])),
    ...Object.fromEntries(
      navigation.map((each) => [each.name, { $Kind: "NavigationProperty", ...printTyped(each, print) }]),
    ),
    ...print(annotations),
  };
}

function printTyped({ use, annotations }: Typed, print: PrintAnnotations): Values {
  return { ...printUse(use), ...print(annotations) };
}

// Text is what is meant when no type is said (CSDL JSON 4.01, 7.1).
function printUse({ type, isCollection, isNullable, maxLength, precision }: TypeUse): Values {
  return {
    ...(type === "Edm.String" ? {} : { $Type: type }),
    ...(isCollection ? { $Collection: true } : {}),
    ...(isNullable ? { $Nullable: true } : {}),
    ...(maxLength === undefined ? {} : { $MaxLength: maxLength }),
    ...(precision === undefined ? {} : { $Precision: precision }),
  };
}

function printOperation(operation: Operation, print: PrintAnnotations): Values {
  const { kind, parameters, returns, entitySetPath, annotations } = operation;
  return {
    $Kind: kind,
    $IsBound: true,
    ...(entitySetPath === undefined ? {} : { $EntitySetPath: entitySetPath }),
    $Parameter: parameters.map((each) => ({ $Name: each.name, ...printTyped(each, print) })),
    ...(returns === undefined ? {} : { $ReturnType: printUse(returns) }),
    ...print(annotations),
  };
}

function printContainer({ sets, annotations }: Container, print: PrintAnnotations): Values {
  return {
    $Kind: "EntityContainer",
    ...Object.fromEntries(sets.map((each) => [each.name, printEntitySet(each, print)])),
    ...print(annotations),
  };
}

function printEntitySet({ type, bindings, annotations }: EntitySet, print: PrintAnnotations): Values {
  return {
    $Collection: true,
    $Type: type,
    ...(Object.keys(bindings).length === 0 ? {} : { $NavigationPropertyBinding: bindings }),
    ...print(annotations),
  };
}
