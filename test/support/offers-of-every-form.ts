import { customer } from "../../src/model/customer.ts";
import { customerCreationOperation } from "../../src/model/customer-creation-operation.ts";
import { choice, complex, flag, text } from "../../src/model/kinds.ts";
import type { OfferDescription } from "../../src/odata/offer-description.ts";
import { describeOffers } from "../../src/onboarding/offers.ts";

const required = { nullable: false, create: "required", update: "refused" } as const;
const country = { ...required, kind: text({ lengthMax: 2, pattern: /^[A-Z]{2}$/ }), description: "The country." };
const rulesOfCountry = {
  name: "rulesOfCountry",
  description: "The rules of a country.",
  properties: {
    state: { ...required, kind: choice("requirement", "optional", "required"), description: "Of the state." },
  },
};

/** Forms of offers that the documents must be able to tell of, whether the service has one of the form or not. */
export const otherForms: readonly OfferDescription[] = [
  {
    method: "GET",
    path: "/customers/rulesOf(country='{country}',isStrict={isStrict})",
    summary: "Read the rules of a country.",
    permissions: ["Customer.Read.All"],
    accepts: { body: "none" },
    answers: { result: "value", type: customer },
    options: ["format"],
    operation: {
      kind: "function",
      name: "rulesOf",
      parameters: {
        country,
        isStrict: { ...required, kind: flag, create: "optional", description: "Whether all rules are meant." },
      },
      returns: { shape: "value", kind: complex(rulesOfCountry) },
    },
  },
  {
    method: "POST",
    path: "/customerCreationOperations/{id}/repeat",
    summary: "Try again.",
    permissions: ["Customer.ReadWrite.All"],
    accepts: { body: "none" },
    answers: { result: "done", type: customerCreationOperation },
    options: [],
    operation: { kind: "action", name: "repeat", parameters: {} },
  },
  {
    method: "POST",
    path: "/customerCreationOperations/{id}/move",
    summary: "Move it to another country.",
    permissions: ["Customer.ReadWrite.All"],
    accepts: { body: "none" },
    answers: { result: "entity", type: customerCreationOperation },
    options: ["select"],
    operation: {
      kind: "action",
      name: "move",
      parameters: { country },
      returns: { shape: "entity", type: customerCreationOperation },
    },
  },
  {
    method: "PUT",
    path: "/customers/{id}/{property}",
    summary: "Replace the value of a property.",
    permissions: ["Customer.ReadWrite.All"],
    accepts: { body: "property", type: customer },
    answers: { result: "entity", type: customer, part: "value" },
    options: ["select"],
  },
  {
    method: "POST",
    path: "/customers/$query",
    summary: "List customers, with the query options in the body.",
    permissions: ["Customer.Read.All"],
    accepts: { body: "text", type: customer },
    answers: { result: "collection", type: customer },
    options: ["filter", "top"],
  },
];

/** The offers that there are, some of them with what others have, and the other forms. */
export const offersOfEveryForm: readonly OfferDescription[] = [
  ...describeOffers().map((offer: OfferDescription) => ({
    ...offer,
    ...(offer.path === "/customerCreationOperations" && offer.method === "POST"
      ? { related: { navigation: "customer" } }
      : {}),
    ...(offer.path === "/customers/{id}" && offer.method === "PATCH" ? { insert: {} } : {}),
  })),
  ...otherForms,
];
