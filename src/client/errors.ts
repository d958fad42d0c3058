import type { CustomerCreationOperation, ErrorCode } from "./types.ts";

/** Everything that this client throws by itself. */
export class TenantryError extends Error {
  override readonly name: string = "TenantryError";
}

/** One of several faults of a request. */
export interface Fault {
  /** The exact code of the fault. */
  readonly code: ErrorCode | (string & {});
  readonly message: string;
  /** The path of the property that is at fault, such as `billingProfile/email`. */
  readonly target?: string;
}

/** What a service says when it refuses a request or fails. */
export interface Refusal {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly Fault[];
  readonly requestId?: string;
  readonly retryAfterSeconds?: number;
}

/** The service refused the request (4xx) or failed (5xx). */
export class ServiceError extends TenantryError {
  override readonly name = "ServiceError";
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The exact code, such as `domainReserved`. */
  readonly code: ErrorCode | (string & {});
  /** The path of the property that is at fault, if it is one. */
  readonly target: string | undefined;
  /** Every fault of the request, one by one. */
  readonly details: readonly Fault[];
  /** What to quote to whoever runs the service. */
  readonly requestId: string | undefined;
  /** How long the service asks to wait before the request is sent again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.method = refusal.method;
    this.path = refusal.path;
    this.status = refusal.status;
    this.code = refusal.code;
    this.target = refusal.target;
    this.details = refusal.details ?? [];
    this.requestId = refusal.requestId;
    this.retryAfterSeconds = refusal.retryAfterSeconds;
  }
}

/** The service was not reached, or gave no answer in time. */
export class ConnectionError extends TenantryError {
  override readonly name = "ConnectionError";
  readonly method: string;
  readonly path: string;

  constructor(message: string, { method, path, cause }: ErrorOptions & Pick<Refusal, "method" | "path">) {
    super(message, { cause });
    this.method = method;
    this.path = path;
  }
}

/** The operation ended as failed or canceled. */
export class OperationError extends TenantryError {
  override readonly name = "OperationError";
  /** The operation as it ended. */
  readonly operation: CustomerCreationOperation;

  constructor(operation: CustomerCreationOperation) {
    super(operation.error?.message ?? `The operation is ${operation.status}.`);
    this.operation = operation;
  }
}
