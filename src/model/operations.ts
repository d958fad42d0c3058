import type { BoundOperation } from "./bound-operation.ts";
import { countryRules } from "./country-rules.ts";
import { validateCustomer } from "./customer-validation.ts";
import { checkDomainAvailability } from "./domain-availability.ts";
import { cancel, claimCredentials, retry } from "./operation-actions.ts";
import { deliveries, reauthorize, redeliver, sendTestNotification } from "./subscription-actions.ts";

/** The functions and actions that are bound to the entity sets, besides delta, by the names of the sets. */
export const operationsOfSets: Readonly<Record<string, readonly BoundOperation[]>> = {
  customers: [countryRules, validateCustomer],
  customerCreationOperations: [checkDomainAvailability],
};

/** The functions and actions that are bound to a single entity, by the names of the types. */
export const actionsOfEntities: Readonly<Record<string, readonly BoundOperation[]>> = {
  customerCreationOperation: [cancel, retry, claimCredentials],
  subscription: [reauthorize, redeliver, sendTestNotification, deliveries],
};
