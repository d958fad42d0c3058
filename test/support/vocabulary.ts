import authorization from "@sap-ux/odata-vocabularies/dist/resources/Org.OData.Authorization.V1.js";
import capabilities from "@sap-ux/odata-vocabularies/dist/resources/Org.OData.Capabilities.V1.js";
import core from "@sap-ux/odata-vocabularies/dist/resources/Org.OData.Core.V1.js";
import repeatability from "@sap-ux/odata-vocabularies/dist/resources/Org.OData.Repeatability.V1.js";
import validation from "@sap-ux/odata-vocabularies/dist/resources/Org.OData.Validation.V1.js";
import { isValues, type Values } from "../../src/model/define.ts";

/** An annotation in a CSDL JSON document: on what it stands, its term, and its value. */
interface Annotation {
  readonly place: string;
  /** The kind of the element, as `AppliesTo` names it. */
  readonly on: string;
  readonly term: string;
  readonly value: unknown;
  /** The entity type whose paths the value may hold. */
  readonly type: Values;
}

/**
 * Says what is wrong with the annotations of a CSDL JSON document, by the vocabularies of OASIS: terms that do not
 * exist or do not belong where they stand, and values that do not fit the type of their term.
 */
export function findAnnotationFaults(document: Values): readonly string[] {
  return annotationsOf(document).flatMap(({ place, on, term, value, type }) => {
    const at = `${place}@${term}`;
    const declared = elements.get(term);
    if (declared?.["$Kind"] !== "Term") return [`${at} is no term of the vocabularies.`];
    const appliesTo = declared["$AppliesTo"];
    const faults = fitFaults({ ...declared, $Nullable: false }, value, type, at);
    if (!Array.isArray(appliesTo) || appliesTo.includes(on)) return faults;
    return [`${at} applies to ${appliesTo.join(", ")}; this is a ${on}.`, ...faults];
  });
}

/** Lists the terms that a CSDL JSON document uses. */
export function termsOf(document: Values): readonly string[] {
  return [...new Set(annotationsOf(document).map(({ term }) => term))].toSorted();
}

const vocabularies: readonly (readonly [string, Values])[] = [
  ["Authorization", authorization],
  ["Capabilities", capabilities],
  ["Core", core],
  ["Repeatability", repeatability],
  ["Validation", validation],
];

/** The terms and types of the vocabularies, by their names with the alias. */
const elements: ReadonlyMap<string, Values> = new Map(
  vocabularies.flatMap(([alias, document]) => {
    const schema = valuesAt(document, `Org.OData.${alias}.V1`);
    return Object.entries(schema).flatMap(([name, each]) => (isValues(each) ? [[`${alias}.${name}`, each]] : []));
  }),
);

function valuesAt(values: Values, name: string): Values {
  const value = values[name];
  return isValues(value) ? value : {};
}

function annotationsOf(document: Values): readonly Annotation[] {
  const schema = valuesAt(document, "microsoft.graph");
  return [
    ...own(schema, "Schema", "schema", {}),
    ...Object.entries(schema).flatMap(([name, each]) => {
      if (Array.isArray(each)) return each.flatMap((overload) => ofOperation(name, overload));
      return isValues(each) && !name.startsWith("@") ? ofElement(schema, name, each) : [];
    }),
  ];
}

function ofElement(schema: Values, name: string, element: Values): readonly Annotation[] {
  const members = Object.entries(element).flatMap(([member, each]) => {
    if (!isValues(each) || member.startsWith("@") || member.startsWith("$")) return [];
    const kind = element["$Kind"] === "EntityContainer" ? "EntitySet" : String(each["$Kind"] ?? "Property");
    const typeName = String(each["$Type"] ?? "").replace("graph.", "");
    return own(each, kind, `${name}/${member}`, kind === "EntitySet" ? valuesAt(schema, typeName) : element);
  });
  return [...own(element, String(element["$Kind"]), name, element), ...members];
}

function ofOperation(name: string, operation: unknown): readonly Annotation[] {
  if (!isValues(operation)) return [];
  const parameters: readonly unknown[] = Array.isArray(operation["$Parameter"]) ? operation["$Parameter"] : [];
  return [
    ...own(operation, String(operation["$Kind"]), name, {}),
    ...parameters.flatMap((each) => (isValues(each) ? own(each, "Parameter", `${name}/${each["$Name"]}`, {}) : [])),
    ...own(valuesAt(operation, "$ReturnType"), "ReturnType", `${name}/$ReturnType`, {}),
  ];
}

function own(element: Values, on: string, place: string, type: Values): readonly Annotation[] {
  return Object.entries(element).flatMap(([key, value]) =>
    key.startsWith("@") ? [{ place, on, term: key.slice(1), value, type }] : [],
  );
}

/** The faults of a value by the declaration of its term or property. */
function fitFaults(declared: Values, value: unknown, target: Values, at: string): readonly string[] {
  const type = String(declared["$Type"] ?? "Edm.String");
  if (declared["$Collection"] !== true) return typeFaults(type, value, target, at);
  if (!Array.isArray(value)) return [`${at} must be a collection.`];
  return value.flatMap((each, index) => typeFaults(type, each, target, `${at}/${index}`));
}

function typeFaults(type: string, value: unknown, target: Values, at: string): readonly string[] {
  if (type.startsWith("Edm.")) return isPrimitive(type, value, target) ? [] : [`${at} must be an ${type}.`];
  const element = elements.get(withAlias(type));
  switch (element?.["$Kind"]) {
    case "TypeDefinition":
      return typeFaults(String(element["$UnderlyingType"]), value, target, at);
    case "EnumType":
      return typeof value === "string" && Object.hasOwn(element, value) && /^\w+$/.test(value)
        ? []
        : [`${at} must be a member of ${type}.`];
    case "ComplexType":
      return isValues(value) ? recordFaults(withAlias(type), value, target, at) : [`${at} must be a record.`];
    default:
      return [`${at} has the type ${type}, which is not known.`];
  }
}

function isPrimitive(type: string, value: unknown, target: Values): boolean {
  switch (type) {
    case "Edm.Boolean":
      return typeof value === "boolean";
    case "Edm.Int32":
    case "Edm.Int64":
      return Number.isInteger(value);
    case "Edm.PropertyPath":
      return (
        typeof value === "string" &&
        (value === "id" || valuesAt(target, value)["$Kind"] === undefined) &&
        isIn(target, value)
      );
    case "Edm.NavigationPropertyPath":
      return typeof value === "string" && valuesAt(target, value)["$Kind"] === "NavigationProperty";
    case "Edm.PrimitiveType":
      return ["string", "number", "boolean"].includes(typeof value);
    default:
      return type === "Edm.String" && typeof value === "string";
  }
}

function isIn(target: Values, name: string): boolean {
  return Object.hasOwn(target, name) || (name === "id" && target["$BaseType"] === "graph.entity");
}

function recordFaults(type: string, value: Values, target: Values, at: string): readonly string[] {
  const said = value["@type"];
  const actual = said === undefined ? type : withAlias(String(said).split("#")[1] ?? "");
  if (!lineage(actual).includes(type)) return [`${at} is a ${actual}, which is no ${type}.`];
  const declared = Object.assign({}, ...lineage(actual).map((each) => elements.get(each)));
  const members = Object.entries(value).flatMap(([name, each]) => {
    if (name === "@type") return [];
    const property = valuesAt(declared, name);
    return name.startsWith("$") || !Object.hasOwn(declared, name)
      ? [`${at}/${name} is no property of ${actual}.`]
      : fitFaults(property, each, target, `${at}/${name}`);
  });
  const missing = Object.entries(declared).filter(
    ([name, each]) => isValues(each) && isRequired(each) && !Object.hasOwn(value, name),
  );
  return [...members, ...missing.map(([name]) => `${at} lacks ${name}.`)];
}

// A collection that is left out is empty.
function isRequired(property: Values): boolean {
  return property["$Nullable"] !== true && property["$DefaultValue"] === undefined && property["$Collection"] !== true;
}

/** A type and those that it derives from. */
function lineage(type: string): readonly string[] {
  const base = elements.get(type)?.["$BaseType"];
  return base === undefined ? [type] : [type, ...lineage(withAlias(String(base)))];
}

function withAlias(name: string): string {
  return name.replace(/^Org\.OData\.(\w+)\.V1\./, "$1.");
}
