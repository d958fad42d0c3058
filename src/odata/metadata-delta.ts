import type { EntityType } from "../model/define.ts";
import { entityTypes, namespace } from "../model/model.ts";

/** Prints the function delta of each set whose changes are tracked (OData CSDL XML 4.01, 12.3). */
export function printDeltaFunctions(): string[] {
  const tracked = entityTypes.filter(({ changes }) => changes === "tracked");
  return tracked.flatMap(({ name }) => {
    const collection = `Type="Collection(${namespace.alias}.${name})" Nullable="false"`;
    return [
      '<Function Name="delta" IsBound="true" EntitySetPath="bindingParameter">',
      `  <Parameter Name="bindingParameter" ${collection} />`,
      `  <ReturnType ${collection} />`,
      "</Function>",
    ];
  });
}

/** Prints what delta can do with a set: nothing can be expanded, and a filter may name the properties listed. */
export function printChangeTracking({ changes, properties }: EntityType): string[] {
  if (changes !== "tracked") return [];
  const names = Object.keys(properties).filter((name) => properties[name]?.hidden === undefined);
  return [
    '<Annotation Term="Capabilities.ChangeTracking">',
    "  <Record>",
    '    <PropertyValue Property="Supported" Bool="true" />',
    '    <PropertyValue Property="FilterableProperties">',
    "      <Collection>",
    ...names.map((name) => `        <PropertyPath>${name}</PropertyPath>`),
    "      </Collection>",
    "    </PropertyValue>",
    '    <PropertyValue Property="ExpandableProperties">',
    "      <Collection />",
    "    </PropertyValue>",
    "  </Record>",
    "</Annotation>",
  ];
}
