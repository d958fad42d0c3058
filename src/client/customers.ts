import { type EntitySet, entitySet, type RequestOptions, type WriteOptions, write } from "./entity-set.ts";
import { printLiteral } from "./query.ts";
import type { Send } from "./send.ts";
import type { CountryValidationRules, Customer, CustomerCreate, CustomerUpdate, CustomerValidation } from "./types.ts";

/** The customers of the partner. */
export interface Customers extends EntitySet<Customer, CustomerCreate, CustomerUpdate> {
  /** Changes the customer with the partner's own key, or creates it when there is none. */
  upsert(externalId: string, body: CustomerCreate | CustomerUpdate, options?: WriteOptions): Promise<Customer>;
  /** Rehearses a creation: everything that would be wrong, and nothing is created. */
  validate(body: CustomerCreate, options?: RequestOptions): Promise<CustomerValidation>;
  /** What a customer in a country must have, which is named by its two letters. */
  countryRules(country: string, options?: RequestOptions): Promise<CountryValidationRules>;
}

const path = "/customers";

/** Makes what can be done with customers. */
export function customersOn(send: Send): Customers {
  const set = entitySet<Customer, CustomerCreate, CustomerUpdate>(send, path);
  return {
    ...set,
    upsert: async (externalId, body, options) =>
      (await write(send, { method: "PATCH", path, key: { externalId }, body }, options)).json(),
    validate: async (body, options) =>
      (await write(send, { method: "POST", path: `${path}/validate`, body }, options)).json(),
    countryRules: async (country, { signal } = {}) => {
      const called = `${path}/countryRules(country=${encodeURIComponent(printLiteral(country))})`;
      return (await send({ method: "GET", path: called, signal })).json();
    },
  };
}
