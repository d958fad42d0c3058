import type { BoundOperation } from "./bound-operation.ts";
import { domainName } from "./customer.ts";
import { computed, computedLater, required } from "./define.ts";
import { type ComplexType, choice, document, list, text } from "./kinds.ts";

const domainAvailability = {
  name: "domainAvailability",
  description: "Whether a domain can be reserved. It says nothing of who holds one that is taken.",
  properties: {
    domain: computed(domainName, "The domain in its canonical form."),
    availability: computed(
      choice("domainAvailabilityState", "available", "reserved", "inUse", "invalid", "unknownFutureValue"),
      "Whether it is free, held by an operation, in use by a customer, or no domain that can be had.",
    ),
    code: computedLater(
      text({ lengthMax: 100 }),
      "The code with which it would be refused; null when it is available.",
    ),
    message: computedLater(text({ lengthMax: 2000 }), "Why it would be refused; null when it is available."),
    alternatives: computed(list(domainName), "Three domains that are free, when this one is not."),
  },
} as const satisfies ComplexType;

/** Asks whether a domain can be reserved. */
export const checkDomainAvailability = {
  kind: "function",
  name: "checkDomainAvailability",
  parameters: { domain: required(domainName, "The domain to ask about.") },
  returns: { shape: "value", kind: document(domainAvailability) },
} as const satisfies BoundOperation;
