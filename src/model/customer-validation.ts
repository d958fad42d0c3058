import type { BoundOperation } from "./bound-operation.ts";
import { customer } from "./customer.ts";
import { computed, computedLater } from "./define.ts";
import { type ComplexType, document, flag, list, type Properties, text } from "./kinds.ts";

const customerFinding = {
  name: "customerFinding",
  description: "Something that is wrong with a customer, or that someone should look at.",
  properties: {
    code: computed(text({ lengthMax: 100 }), "The exact code."),
    message: computed(text({ lengthMax: 2000 }), "What is wrong, and what would be right."),
    target: computedLater(text({ lengthMax: 500 }), "The path of the property."),
    value: computedLater(text({ lengthMax: 500 }), "The value that was found."),
    suggestion: computedLater(text({ lengthMax: 500 }), "The value that was probably meant."),
    pattern: computedLater(text({ lengthMax: 500 }), "The regular expression of right values."),
    example: computedLater(text({ lengthMax: 500 }), "A right value."),
    allowed: computed(list(text({ lengthMax: 100 })), "All right values, where they can be listed."),
  },
} as const satisfies ComplexType;

/** The properties with which a customer is created. */
const creatable: Properties = Object.fromEntries(
  Object.entries(customer.properties).filter(([, { create }]) => create !== "computed"),
);

const canonicalCustomer = {
  name: "canonicalCustomer",
  description: "A customer as it would be kept: what was given, each value in its canonical form.",
  properties: Object.fromEntries(
    Object.entries(creatable).map(([name, { kind, description }]) => [name, computedLater(kind, description)]),
  ),
} as const satisfies ComplexType;

const customerValidation = {
  name: "customerValidation",
  description: "What would become of a customer if it were created now.",
  properties: {
    isValid: computed(flag, "Whether it would be created."),
    errors: computed(list(document(customerFinding)), "Everything for which it would be refused."),
    warnings: computed(list(document(customerFinding)), "What would not be refused, and should be looked at."),
    customer: computed(document(canonicalCustomer), "The customer as it would be kept."),
  },
} as const satisfies ComplexType;

/** Rehearses the creation of a customer. Its parameters are the properties of one: the body is that of a create. */
export const validateCustomer = {
  kind: "action",
  name: "validate",
  parameters: creatable,
  returns: { shape: "value", kind: document(customerValidation) },
} as const satisfies BoundOperation;
