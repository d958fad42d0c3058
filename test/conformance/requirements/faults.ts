import { may, must, type Requirement, type Section } from "../requirement.ts";

/** A fault that is shown by the test of its row. */
function row(number: string, when: string, ...more: readonly string[]): Requirement {
  return must(number, when, [`conformance/faults > ${number}: %s`, ...more]);
}

/** Every fault, and the test that it is answered as the table has it. */
export const faults: Section = {
  title: "Faults",
  source: "Status and exact code (`innerError.code`) of each refusal. What is refused changes nothing.",
  requirements: [
    row(
      "400 invalidRequest",
      "A request or batch that cannot be read.",
      "server/batch-refusals > a batch: %s is refused",
    ),
    row("400 malformedJson", "A body that is no JSON.", "server/bodies > that are %s are answered 400"),
    row("400 requiredFieldMissing", "A property that is required and missing, named by target."),
    row("400 nullValue", "Null where a value is needed."),
    row("400 malformedValue", "A value of another type or form.", "server/values > %s"),
    row("400 unknownProperty", "A property that there is not.", "server/properties > %s"),
    row(
      "400 propertyNotUpdateable",
      "A property that the client cannot set or change.",
      "server/customer-updates > %s",
    ),
    row("400 unknownEnumMember", "A member that an enumeration does not have."),
    row(
      "400 invalidQueryOption",
      "An option that there is not, stands twice, or does not fit.",
      "odata/query/options > %s is refused",
    ),
    row(
      "400 invalidEntityReference",
      "A reference to what cannot be referred to.",
      "server/references > an @odata.id %s is answered 400",
    ),
    row("400 malformedEntityTag", "An entity tag that is none.", "server/preconditions > a garbled %s is answered 400"),
    row(
      "400 invalidAlternateKey",
      "An alternate key that there is not.",
      "server/refusals > GET of /customers(tenantId='x'), whose key is no alternate key, is answered 400",
    ),
    row(
      "400 repeatabilityHeadersInvalid",
      "Headers of repeatable requests that do not fit.",
      "server/repeatability-headers > %s is refused and rejected",
    ),
    must(
      "400 ValidationError",
      "A receiver of notifications that does not answer its challenge, or does so too late.",
      ["notify/handshake > a receiver that answers with %s gets no subscription"],
    ),
    row("401 unauthenticated", "A token that is missing, wrong or over.", "server/authentication > answers 401 to %s"),
    row(
      "403 accessDenied",
      "A permission that is missing.",
      "server/permissions > for $method $path > answers 403 to %s, and names what would suffice",
    ),
    row(
      "404 itemNotFound",
      "A key, segment or version that there is not, or that is another partner's.",
      "server/refusals > %s is answered 404",
    ),
    row(
      "405 notAllowed",
      "A method that is not offered, with Allow.",
      "server/refusals > %s is answered 405 with the methods that are allowed",
    ),
    row(
      "406 invalidAcceptType",
      "No type that is accepted can be given.",
      "server/accept > a read that accepts only '%s' is answered 406 with what there is",
    ),
    row(
      "409 nameAlreadyExists",
      "A name that is taken.",
      "server/attaching > an externalId that another customer has is answered 409",
    ),
    row(
      "409 customerAlreadyAttached",
      "A relation that is there, or a state that does not allow it.",
      "server/attaching > another customer, %s, on an operation that is %s is answered 409",
    ),
    row(
      "410 syncStateNotFound",
      "A token of delta that is unknown or too old, with Location.",
      "onboarding/delta-refusals > a token %s is answered 410 with where to begin anew",
    ),
    row(
      "412 entityTagDoesNotMatch",
      "A condition that does not hold.",
      "server/preconditions > %s is answered 412, with the present tag",
    ),
    row("412 isolationNotSupported", "An isolation that cannot be given."),
    must("412 repeatabilityWindowExceeded", "A request that was first sent too long ago.", [
      "server/repeatability-headers > a request first sent %s is refused with 412 and rejected",
    ]),
    row(
      "413 payloadTooLarge",
      "A body over the limit.",
      "server/network > a body over the limit that comes in chunks is answered 413",
    ),
    row("414 uriTooLong", "A URL over the limit."),
    row(
      "415 unsupportedMediaType",
      "A type or an encoding of a body that is not read.",
      "server/bodies > as %s are answered 415",
    ),
    may("422 unprocessableContent", "What means nothing.", [], "400 is preferred, with the code of the fault."),
    must("424 failedDependency", "A request of a batch that depends on one that failed.", [
      "server/batch-json > does not carry out what depends on a request that failed, nor what depends on that",
    ]),
    may("428 preconditionRequired", "A condition that is missing.", [], "No request needs one."),
    must("429 throttledRequest", "More requests in a minute than the limit of the partner.", [
      "server/throttle > admits as many as it says, refuses the rest, changes nothing for them, and begins anew with the next minute",
    ]),
    must("431 headersTooLarge", "Headers over the limit.", [
      "server/network > headers that are too long are answered 431",
    ]),
    must("500 generalException", "A fault of ours, of which nothing is told.", [
      "conformance/faults > 500 generalException: a fault of ours, of which nothing is told",
    ]),
    row(
      "501 notSupported",
      "What the standard knows and we do not carry out.",
      "server/query-options > GET of %s with $apply is answered 501",
    ),
    must("503 serviceNotAvailable", "The database cannot be reached; it may be asked again.", [
      "store/outage > answers in the shape of an error, lives on, and works again when %s is back",
    ]),
    may("504 gatewayTimeout", "Another service did not answer in time.", [], "No request waits for another service."),
    may("507 quotaLimitReached", "A quota is used up.", [
      "server/quotas > refuses one operation under way too many with 507, and counts none that has come to its end",
    ]),
  ],
};
