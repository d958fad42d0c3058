import type { BoundOperation, Returned } from "../model/bound-operation.ts";
import type { Property } from "../model/kinds.ts";
import type { Operation, Typed, TypeUse } from "./csdl.ts";
import { describePermissions } from "./metadata-capabilities.ts";
import { describeKind, describeUse, qualified } from "./metadata-types.ts";
import { bindingOf, type OfferDescription, type Resource } from "./offer-description.ts";

/** Describes the functions and actions that are offered, each once for what it is bound to (OData CSDL 4.01, 12). */
export function describeOperations(offers: readonly OfferDescription[]): readonly Operation[] {
  const found = new Map<string, Operation>();
  for (const offer of offers) {
    if (offer.operation === undefined) continue;
    const binding = bindingOf(offer.path);
    const key = `${offer.operation.name} ${binding.type.name} ${binding.isCollection}`;
    if (!found.has(key)) found.set(key, describeOperation(offer, offer.operation, binding));
  }
  return [...found.values()];
}

function describeOperation(offer: OfferDescription, operation: BoundOperation, binding: Resource): Operation {
  const { returns } = operation;
  const isOfBinding = returns?.shape !== "value" && returns?.type === binding.type;
  return {
    kind: operation.kind === "function" ? "Function" : "Action",
    name: operation.name,
    parameters: [
      {
        name: "bindingParameter",
        use: { type: qualified(binding.type.name), isCollection: binding.isCollection, isNullable: false },
        annotations: {},
      },
      ...Object.entries(operation.parameters).map(describeParameter),
    ],
    ...(returns === undefined ? {} : { returns: describeReturn(returns) }),
    ...(isOfBinding ? { entitySetPath: "bindingParameter" } : {}),
    annotations: {
      "Core.Description": offer.summary,
      "Capabilities.OperationRestrictions": { record: { Permissions: describePermissions(offer) } },
    },
  };
}

function describeParameter([name, { kind, nullable, create, description }]: readonly [string, Property]): Typed {
  return {
    name,
    use: describeUse(kind, nullable),
    annotations: {
      "Core.Description": description,
      ...(create === "optional" ? { "Core.OptionalParameter": { record: {} } } : {}),
      ...describeKind(kind.kind === "list" ? kind.of : kind),
    },
  };
}

function describeReturn(returns: Returned): TypeUse {
  if (returns.shape === "value") return describeUse(returns.kind, returns.nullable === true);
  return { type: qualified(returns.type.name), isCollection: returns.shape === "entities", isNullable: false };
}
