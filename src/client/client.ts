import { type BatchOptions, batching } from "./batch.ts";
import { type Customers, customersOn } from "./customers.ts";
import { type WriteOptions, write } from "./entity-set.ts";
import { type Operations, operationsOn, type WaitOptions } from "./operations.ts";
import { retrying } from "./retrying.ts";
import { type Answer, type ClientOptions, type Send, type Sending, sender } from "./send.ts";
import type { Customer, CustomerCreate } from "./types.ts";

export type { BatchOptions } from "./batch.ts";
export type { Customers } from "./customers.ts";
export type { Change, DeltaQuery, EntitySet, Key, RequestOptions, WriteOptions } from "./entity-set.ts";
export { ConnectionError, type Fault, OperationError, ServiceError, TenantryError } from "./errors.ts";
export type { Operations, WaitOptions } from "./operations.ts";
export type { Page, Pages, Round } from "./pages.ts";
export { type ListQuery, odata, type ShowQuery } from "./query.ts";
export type { Repeatability } from "./retrying.ts";
export type { Answer, ClientOptions, Sending } from "./send.ts";
export type * from "./types.ts";

/** A customer that was added, and the operation that provisions it. */
export interface AddedCustomer {
  readonly customer: Customer;
  readonly operationId: string;
}

/** A service of Tenantry, as a program uses it. */
export interface Client {
  readonly customers: Customers;
  readonly customerCreationOperations: Operations;
  /** Adds a customer. Its tenant is made afterwards. */
  addCustomer(customer: CustomerCreate, options?: WriteOptions): Promise<AddedCustomer>;
  /** Adds a customer and waits until its tenant is there. An operation that fails is an OperationError. */
  addCustomerAndWait(customer: CustomerCreate, options?: WriteOptions & WaitOptions): Promise<Customer>;
  /**
   * Sends what `use` asks for of the client that it is given as `$batch`. Gives what became of each request: one may
   * fail without the others.
   */
  batch<const Asked extends readonly Promise<unknown>[]>(
    use: (client: Client) => Asked,
    options?: BatchOptions,
  ): Promise<{ -readonly [Index in keyof Asked]: PromiseSettledResult<Awaited<Asked[Index]>> }>;
  /** Sends any other request, with the same retries. */
  send(sending: Sending): Promise<Answer>;
}

/** Makes a client of a service. Nothing is sent yet. */
export function createClient(options: ClientOptions): Client {
  const once = sender(options);
  const attemptsMax = options.attemptsMax ?? 5;
  return clientOn(retrying(once, attemptsMax), attemptsMax);
}

function clientOn(send: Send, attemptsMax: number): Client {
  const customers = customersOn(send);
  const customerCreationOperations = operationsOn(send);
  const addCustomer: Client["addCustomer"] = async (customer, given) => {
    const answer = await write(send, { method: "POST", path: "/customers", body: customer }, given);
    return { customer: answer.json(), operationId: operationIdOf(answer) };
  };
  return {
    customers,
    customerCreationOperations,
    addCustomer,
    addCustomerAndWait: async (customer, { onProgress, ...given } = {}) => {
      const { signal } = given;
      const added = await addCustomer(customer, given);
      const waiting = {
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress }),
      };
      await customerCreationOperations.finish(added.operationId, waiting);
      return customers.get(added.customer.id, {}, waiting);
    },
    batch: (use, given = {}) => {
      const together = batching(send, given);
      // The members of a group that happens whole cannot be tried again one by one.
      const attempts = given.atomic === true ? 1 : attemptsMax;
      return Promise.allSettled(use(clientOn(retrying(together, attempts), attemptsMax)));
    },
    send,
  };
}

function operationIdOf(answer: Answer): string {
  const location = answer.headers.get("Operation-Location") ?? "";
  return decodeURIComponent(location.slice(location.lastIndexOf("/") + 1));
}
