import { type EntitySet, entitySet, type RequestOptions, type WriteOptions, write } from "./entity-set.ts";
import { OperationError } from "./errors.ts";
import { printLiteral } from "./query.ts";
import { pause } from "./retrying.ts";
import { readRetryAfter, type Send } from "./send.ts";
import type {
  CustomerCreationOperation,
  CustomerCreationOperationCreate,
  CustomerCreationOperationUpdate,
  CustomerCredentials,
  CustomerUpdate,
  DomainAvailability,
} from "./types.ts";

/** How long to wait, and whom to tell how far it is. */
export interface WaitOptions extends RequestOptions {
  /** Is called each time that the operation has changed. */
  readonly onProgress?: (operation: CustomerCreationOperation) => void;
}

/** The operations that create customers. */
export interface Operations
  extends EntitySet<CustomerCreationOperation, CustomerCreationOperationCreate, CustomerCreationOperationUpdate> {
  /** Gives the operation each time that it has changed, until it has ended. */
  watch(id: string, options?: RequestOptions): AsyncIterable<CustomerCreationOperation>;
  /** Waits until the operation has succeeded. One that fails or is canceled is an OperationError. */
  finish(id: string, options?: WaitOptions): Promise<void>;
  /** Cancels the operation. */
  cancel(id: string, options?: WriteOptions): Promise<CustomerCreationOperation>;
  /** Tries a failed operation again, with what is to be corrected of its customer. */
  retry(id: string, customer?: CustomerUpdate, options?: WriteOptions): Promise<CustomerCreationOperation>;
  /** Takes the credentials of the new tenant. The service hands them over once. */
  claimCredentials(id: string, options?: WriteOptions): Promise<CustomerCredentials>;
  /** Asks whether a domain can be reserved, and for others when it cannot. */
  checkDomainAvailability(domain: string, options?: RequestOptions): Promise<DomainAvailability>;
}

const path = "/customerCreationOperations";
const pollMilliseconds = 1_000;

/** Makes what can be done with operations. */
export function operationsOn(send: Send): Operations {
  const set = entitySet<CustomerCreationOperation, CustomerCreationOperationCreate, CustomerCreationOperationUpdate>(
    send,
    path,
  );
  const act = (id: string, action: string, body: object, options?: WriteOptions) =>
    write(send, { method: "POST", path: `${path}/${encodeURIComponent(id)}/${action}`, body }, options);
  return {
    ...set,
    watch: (id, options) => watchOperation(send, id, options),
    finish: (id, options) => awaitOperation(send, id, options),
    cancel: (id, options) => set.update(id, { status: "canceled" }, options),
    retry: async (id, customer, options) =>
      (await act(id, "retry", customer === undefined ? {} : { customer }, options)).json(),
    claimCredentials: async (id, options) => (await act(id, "claimCredentials", {}, options)).json(),
    checkDomainAvailability: async (domain, { signal } = {}) => {
      const called = `${path}/checkDomainAvailability(domain=${encodeURIComponent(printLiteral(domain))})`;
      return (await send({ method: "GET", path: called, signal })).json();
    },
  };
}

async function awaitOperation(send: Send, id: string, { onProgress, ...given }: WaitOptions = {}): Promise<void> {
  for await (const operation of watchOperation(send, id, given)) {
    onProgress?.(operation);
    if (operation.status !== "succeeded" && hasEnded(operation)) throw new OperationError(operation);
  }
}

async function* watchOperation(
  send: Send,
  id: string,
  { signal }: RequestOptions = {},
): AsyncGenerator<CustomerCreationOperation, void> {
  let version: string | undefined;
  while (true) {
    const answer = await send({ method: "GET", path: `${path}/${encodeURIComponent(id)}`, signal });
    const operation = answer.json<CustomerCreationOperation>();
    if (operation["@odata.etag"] !== version) yield operation;
    version = operation["@odata.etag"];
    if (hasEnded(operation)) return;
    const seconds = readRetryAfter(answer.headers);
    await pause(seconds === undefined ? pollMilliseconds : seconds * 1000, signal);
  }
}

function hasEnded({ status }: CustomerCreationOperation): boolean {
  return status === "succeeded" || status === "failed" || status === "canceled";
}
