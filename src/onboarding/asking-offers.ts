import { countryRules } from "../model/country-rules.ts";
import { customer } from "../model/customer.ts";
import { customerCreationOperation } from "../model/customer-creation-operation.ts";
import { validateCustomer } from "../model/customer-validation.ts";
import { checkDomainAvailability } from "../model/domain-availability.ts";
import { checkCustomerAlone } from "./attach.ts";
import { answerAvailability } from "./availability.ts";
import { answerCountryRules } from "./country-rules.ts";
import type { Offer } from "./offer.ts";
import { validateNewCustomer } from "./validate.ts";

/** What can be asked before anything is created: whoever may open an operation may ask. */
export const askingOffers: readonly Offer[] = [
  {
    method: "GET",
    path: "/customerCreationOperations/checkDomainAvailability(domain='{domain}')",
    summary: "Ask whether a domain can be reserved, and for three that can be when it cannot.",
    permission: "CustomerCreationOperation.Read.All",
    accepts: { body: "none" },
    answers: { result: "value", type: customerCreationOperation },
    operation: checkDomainAvailability,
    run: answerAvailability,
  },
  {
    method: "GET",
    path: "/customers/countryRules(country='{country}')",
    summary: "Ask what a customer in a country must have, and what its values look like.",
    permission: "CustomerCreationOperation.Read.All",
    accepts: { body: "none" },
    answers: { result: "value", type: customer },
    operation: countryRules,
    run: answerCountryRules,
  },
  {
    method: "POST",
    path: "/customers/validate",
    summary: "Rehearse the creation of a customer: learn everything that is wrong, and create nothing.",
    permission: "CustomerCreationOperation.ReadWrite.All",
    accepts: { body: "create", type: customer },
    answers: { result: "value", type: customer },
    operation: validateCustomer,
    check: checkCustomerAlone,
    isRehearsal: true,
    run: validateNewCustomer,
  },
];
