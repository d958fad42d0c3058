import type { Values } from "./define.ts";

/**
 * Every refusal that is the caller's to fix: the inner code of the answer, its status, and the top-level code that
 * Microsoft Graph's guidelines derive from the status. The codes are stable and are never used again for something else.
 */
export const problemCodes = {
  invalidRequest: { status: 400, code: "badRequest" },
  malformedJson: { status: 400, code: "badRequest" },
  requiredFieldMissing: { status: 400, code: "badRequest" },
  nullValue: { status: 400, code: "badRequest" },
  malformedValue: { status: 400, code: "badRequest" },
  unknownProperty: { status: 400, code: "badRequest" },
  duplicateProperty: { status: 400, code: "badRequest" },
  propertyNotUpdateable: { status: 400, code: "badRequest" },
  unknownEnumMember: { status: 400, code: "badRequest" },
  invalidQueryOption: { status: 400, code: "badRequest" },
  invalidEntityReference: { status: 400, code: "badRequest" },
  invalidAlternateKey: { status: 400, code: "badRequest" },
  malformedEntityTag: { status: 400, code: "badRequest" },
  subscriptionValidationFailed: { status: 400, code: "ValidationError" },
  subscriptionValidationTimedOut: { status: 400, code: "InvalidRequest" },
  invalidDomainFormat: { status: 400, code: "badRequest" },
  domainSuffixNotAllowed: { status: 400, code: "badRequest" },
  domainMismatch: { status: 400, code: "badRequest" },
  invalidAddress: { status: 400, code: "badRequest" },
  stateInvalid: { status: 400, code: "badRequest" },
  postalCodeInvalid: { status: 400, code: "badRequest" },
  cityRequired: { status: 400, code: "badRequest" },
  cultureNotSupported: { status: 400, code: "badRequest" },
  languageNotSupported: { status: 400, code: "badRequest" },
  registrationNumberMissing: { status: 400, code: "badRequest" },
  registrationNumberInvalid: { status: 400, code: "badRequest" },
  registrationNumberNotSupported: { status: 400, code: "badRequest" },
  phoneNumberMissing: { status: 400, code: "badRequest" },
  phoneNumberInvalid: { status: 400, code: "badRequest" },
  companyNameInvalid: { status: 400, code: "badRequest" },
  contactNameInvalid: { status: 400, code: "badRequest" },
  emailInvalid: { status: 400, code: "badRequest" },
  emailDomainNotAllowed: { status: 400, code: "badRequest" },
  repeatabilityHeadersInvalid: { status: 400, code: "badRequest" },
  unauthenticated: { status: 401, code: "InvalidAuthenticationToken" },
  accessDenied: { status: 403, code: "forbidden" },
  countryNotSupported: { status: 403, code: "forbidden" },
  customerQuotaExceeded: { status: 403, code: "forbidden" },
  itemNotFound: { status: 404, code: "notFound" },
  notAllowed: { status: 405, code: "methodNotAllowed" },
  invalidAcceptType: { status: 406, code: "notAcceptable" },
  conflict: { status: 409, code: "conflict" },
  nameAlreadyExists: { status: 409, code: "conflict" },
  domainReserved: { status: 409, code: "conflict" },
  domainAlreadyInUse: { status: 409, code: "conflict" },
  customerAlreadyAttached: { status: 409, code: "conflict" },
  operationNotModifiable: { status: 409, code: "conflict" },
  credentialsNotReady: { status: 409, code: "conflict" },
  idempotencyKeyReused: { status: 409, code: "conflict" },
  requestInProgress: { status: 409, code: "conflict" },
  reservationExpired: { status: 410, code: "gone" },
  credentialsAlreadyClaimed: { status: 410, code: "gone" },
  syncStateNotFound: { status: 410, code: "gone" },
  resyncRequired: { status: 410, code: "gone" },
  entityTagDoesNotMatch: { status: 412, code: "preconditionFailed" },
  isolationNotSupported: { status: 412, code: "preconditionFailed" },
  repeatabilityWindowExceeded: { status: 412, code: "preconditionFailed" },
  payloadTooLarge: { status: 413, code: "payloadTooLarge" },
  uriTooLong: { status: 414, code: "uriTooLong" },
  unsupportedMediaType: { status: 415, code: "unsupportedMediaType" },
  failedDependency: { status: 424, code: "failedDependency" },
  throttledRequest: { status: 429, code: "tooManyRequests" },
  headersTooLarge: { status: 431, code: "requestHeaderFieldsTooLarge" },
  notSupported: { status: 501, code: "notImplemented" },
  serviceNotAvailable: { status: 503, code: "serviceUnavailable" },
  quotaLimitReached: { status: 507, code: "insufficientStorage" },
} as const;

export type ProblemCode = keyof typeof problemCodes;

/** One fault: its code, what is wrong and what would be right, and the path of the property that is at fault. */
export interface Complaint {
  readonly code: ProblemCode;
  readonly message: string;
  readonly target?: string;
  readonly advice?: Advice;
}

/** The values of a body that are as they must be, and the faults of the others. */
export interface Checked {
  readonly values: Values;
  readonly complaints: readonly Complaint[];
}

/** What a message says in words, for a program to read: the value, and what would be right in its place. */
export interface Advice {
  readonly value?: string;
  readonly suggestion?: string;
  readonly pattern?: string;
  readonly example?: string;
  readonly allowed?: readonly string[];
}

/** A refusal. It is thrown where it is known and becomes an answer in one place, `server/respond.ts`. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly target: string | undefined;
  readonly details: readonly Complaint[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    message: string,
    more: {
      readonly target?: string;
      readonly details?: readonly Complaint[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = "Problem";
    this.code = code;
    this.target = more.target;
    this.details = more.details ?? [];
    this.headers = more.headers ?? {};
  }
}

/**
 * Throws one Problem for all complaints, if there are any. A single complaint is the problem and its only detail. Of
 * several, what is wrong with the request (400) stands above what the caller may not have (403).
 */
export function refuse(complaints: readonly Complaint[]): void {
  const first = complaints.find(({ code }) => problemCodes[code].status === 400) ?? complaints[0];
  if (first === undefined) return;
  const message =
    complaints.length === 1 ? first.message : `The request has ${complaints.length} faults; each is listed in details.`;
  const target = complaints.length === 1 && first.target !== undefined ? { target: first.target } : {};
  throw new Problem(first.code, message, { ...target, details: complaints });
}
