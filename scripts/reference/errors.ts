import { type ProblemCode, problemCodes } from "../../src/model/problem.ts";
import { code, generatedFrom, printTable } from "./table.ts";

/** Prints the page of the codes with which requests are refused. */
export function printErrors(): string {
  const rows = Object.entries(meanings).map(([name, meaning]) => [...codesOf(name), code(name), meaning]);
  const lines = [
    "# Errors",
    "",
    generatedFrom("src/model/problem.ts"),
    "",
    "A refusal has the shape of Microsoft Graph. `code` follows from the status; the inner code says exactly what is wrong, is",
    "stable, and is what programs should look at. `message` is for people and may change. `target` is the path of the property",
    "at fault. All faults of a body come at once, in `details`, each with its own code and path, such as those of",
    '`{"companyProfile":{"domain":"x"}}`:',
    "",
    "```json",
    JSON.stringify(example, null, 2),
    "```",
    "",
    "Quote the `request-id` when you report something. What an operation failed of stands in its `error`:",
    "[provisioners.md](provisioners.md#the-stages) lists those codes.",
    "",
    ...printTable(["Status", "`code`", "Inner code", "Means"], rows),
    "",
    "500 `internalServerError` is no refusal but a failure of the server. It says nothing but the `request-id`; the cause is in",
    "the log.",
  ];
  return `${lines.join("\n")}\n`;
}

function codesOf(name: string): readonly [string, string] {
  const found = Object.entries(problemCodes).find(([each]) => each === name)?.[1];
  return [String(found?.status), code(String(found?.code))];
}

const example = {
  error: {
    code: "badRequest",
    message: "The request has 2 faults; each is listed in details.",
    details: [
      { code: "requiredFieldMissing", message: "'billingProfile' is required.", target: "billingProfile" },
      {
        code: "domainSuffixNotAllowed",
        message: "The domain 'x' must end with .onmicrosoft.com.",
        target: "companyProfile/domain",
      },
    ],
    innerError: {
      code: "requiredFieldMissing",
      date: "2026-01-15T09:30:00.000Z",
      "request-id": "0198f2a4-7c1e-7000-8000-000000000000",
      "client-request-id": "0198f2a4-7c1e-7000-8000-000000000000",
    },
  },
};

const meanings = {
  invalidRequest: "The request is not as HTTP or OData wants it; the message says what.",
  malformedJson: "The body is no JSON; the message says at which position.",
  requiredFieldMissing: "A property that must be given is missing.",
  nullValue: "A property that must have a value is null.",
  malformedValue: "A value is not of the type, the form or the length of its property.",
  unknownProperty: "There is no such property; the message suggests the nearest one.",
  duplicateProperty: "A property is given twice.",
  propertyNotUpdateable: "The server sets this property, or it cannot be changed any more.",
  unknownEnumMember: "A value is none of those that the property knows.",
  invalidQueryOption: "A query option is not understood, or does not go with this request; the message says where.",
  invalidEntityReference: "`@odata.id` or `@odata.bind` does not lead to an entity of the right type.",
  invalidAlternateKey: "A key in parentheses is not one of the entity.",
  malformedEntityTag: "`If-Match` or `If-None-Match` holds no entity tag.",
  subscriptionValidationFailed: "The receiver did not answer the handshake as it must; the message says what came.",
  subscriptionValidationTimedOut: "The receiver did not answer the handshake in time.",
  invalidDomainFormat: "A domain has other characters, or another length, than domains may.",
  domainSuffixNotAllowed: "Domains under this suffix cannot be reserved here (`--domain-suffixes`).",
  domainMismatch: "The customer names another domain than its operation.",
  invalidAddress: "An address is not as its country has addresses.",
  stateInvalid: "The country has no such state.",
  postalCodeInvalid: "The country has no postal codes of this form, or the postal code is missing.",
  cityRequired: "Addresses of this country need a city.",
  cultureNotSupported: "The culture is none, or not one of the country.",
  languageNotSupported: "The language is none, or does not go with the culture.",
  registrationNumberMissing: "Companies of this country need a registration number.",
  registrationNumberInvalid: "A registration number is not of the form of its country, or its check digit is wrong.",
  registrationNumberNotSupported: "No registration number is kept for companies of this country.",
  phoneNumberMissing: "Addresses of this country need a telephone number.",
  phoneNumberInvalid: "There is no such telephone number in any country, or not in this one.",
  companyNameInvalid: "A name of a company has characters or a length that it cannot have.",
  contactNameInvalid: "A first or last name has characters or a length that it cannot have.",
  emailInvalid: "This is no e-mail address.",
  emailDomainNotAllowed: "Addresses under this domain cannot be those of customers (`--blocked-email-domains`).",
  repeatabilityHeadersInvalid: "The headers of repeatable requests are incomplete, or not as they must be.",
  unauthenticated: "There is no token, or it is not believed; `WWW-Authenticate` says why.",
  accessDenied: "The token has none of the [permissions](requests.md) that suffice.",
  countryNotSupported: "Customers cannot be in this country here (`--countries`).",
  customerQuotaExceeded: "The partner has as many customers as it may ([limits](limits.md): `customersMax`).",
  itemNotFound: "There is no such thing, or it is another partner's.",
  notAllowed: "The method is not one of this path; `Allow` lists those that are.",
  invalidAcceptType: "None of the accepted types can be answered.",
  conflict: "The request does not go with the present state; the message says with which.",
  nameAlreadyExists: "Another customer of the partner has this `externalId`.",
  domainReserved: "The domain is held by another operation.",
  domainAlreadyInUse: "The domain belongs to a customer.",
  customerAlreadyAttached: "The operation has another customer already; `Location` leads to it.",
  operationNotModifiable: "The operation is not in the state in which this can be done.",
  credentialsNotReady: "The credentials are not there before the operation has succeeded.",
  idempotencyKeyReused: "The key was used for another request; `Location` leads to what that one made.",
  requestInProgress: "The same request is being carried out at this moment. Send it again.",
  reservationExpired: "The reservation of the domain has ended. Open another operation.",
  credentialsAlreadyClaimed: "The credentials were handed over before, and are erased.",
  syncStateNotFound: "The delta link is not one of this log of changes. Begin anew at `Location`.",
  resyncRequired: "The delta link is too old. Begin anew at `Location`.",
  entityTagDoesNotMatch: "The entity has changed since it was read. Read it again.",
  isolationNotSupported: "The isolation that was asked for is not supported.",
  repeatabilityWindowExceeded: "The first time the request was sent is too long ago, or in the future.",
  payloadTooLarge: "The body is longer than it may be ([limits](limits.md): `bodyBytesMax`).",
  uriTooLong: "The URL is longer than it may be ([limits](limits.md): `urlLengthMax`).",
  unsupportedMediaType: "The `Content-Type` of the body is missing, or another than `application/json`.",
  failedDependency: "A request of the batch was not carried out, since one that it depends on has failed.",
  throttledRequest: "The partner asks too often. Wait as long as `Retry-After` says.",
  headersTooLarge: "The headers are longer than they may be ([limits](limits.md): `headerBytesMax`).",
  notSupported: "This is good OData, but not supported here; the message says what.",
  serviceNotAvailable: "The server cannot do it at this moment. Try again after `Retry-After`.",
  quotaLimitReached: "The partner has as many of these as it may ([limits](limits.md)).",
} as const satisfies Readonly<Record<ProblemCode, string>>;
