import { must, type Requirement, type Section } from "../requirement.ts";

const allThatIsWrong = "is answered 400 with all that is wrong";
const strictly = "rules/strict > %s is answered 400 with all that is wrong, and changes nothing";

/** A value that the rules refuse in either level of validation, by the title of its row. */
function value(number: string, demand: string, ...rows: readonly string[]): Requirement {
  return must(
    number,
    demand,
    rows.map((row) => `rules/refusals > ${row} ${allThatIsWrong}`),
  );
}

/** A value that only strict validation refuses. */
function strict(number: string, demand: string, row: string): Requirement {
  return must(number, demand, [strictly.replace("%s", row)]);
}

/** What can be wrong with the data of a customer, and the test of its exact code and target. */
export const customerFaults: Section = {
  title: "What is wrong with a customer",
  source: "The exact code of each fault that a request can have, and examples of bad data that every onboarding meets.",
  requirements: [
    must("invalidDomainFormat", "The label has 1 to 27 letters or digits: not 28, and no hyphen.", [
      "server/domains > %s, which is malformed, is answered 400",
    ]),
    must("domainSuffixNotAllowed", "The suffix is one that the operator has listed.", [
      "server/domains > %s, which has another suffix, is answered 400",
    ]),
    must("domainAlreadyInUse", "A domain belongs to one customer, of whichever partner.", [
      "server/domains > one that is in use by another partner is answered 409",
    ]),
    must("domainReserved", "A domain is held for one operation, and Retry-After says how long.", [
      "server/domains > one that is reserved by another partner is answered 409",
      "rules/asking > a refusal for a reserved domain says when the reservation ends, one for a domain in use does not",
    ]),
    must("domainMismatch", "The customer has the domain of its operation.", [
      "server/domains > a customer with another domain than that of its operation is answered 400",
      "server/domains > another domain than that of its operation is listed together with the other faults of a customer",
    ]),
    must("reservationExpired", "A customer that comes after the reservation has ended is too late.", [
      "server/attaching > a customer on an operation whose reservation has ended is answered 410, before the work loop has seen it",
    ]),
    value("invalidAddress", "UK is no country; GB is.", "the country UK", "a country that there is not"),
    value(
      "stateInvalid",
      "A state of the United States is a code: Washington is WA.",
      "the state Washington of the United States",
      "a state of another country",
    ),
    value("postalCodeInvalid", "12 is no postal code of Portugal.", "the postal code 12 in Portugal"),
    strict("cityRequired", "An address in Portugal has a city.", "Portugal without a city"),
    strict("requiredFieldMissing", "An address in the United States has a state.", "the United States without a state"),
    must("countryNotSupported", "A customer is in a country that the operator serves.", [
      "rules/strict > a customer in another country is answered 403 with those that are allowed",
    ]),
    must("customerQuotaExceeded", "A partner has no more customers than the operator lets it have.", [
      "server/quotas > refuses one customer more than a partner may have with 403, and lets go of it when one is deleted",
    ]),
    value("cultureNotSupported", "br-BR is no culture of Brazil.", "the culture br-BR"),
    value("languageNotSupported", "fr is no language of Brazil.", "the language fr in Brazil"),
    strict(
      "registrationNumberMissing",
      "A company in Brazil has a registration number.",
      "Brazil without a registration number",
    ),
    value(
      "registrationNumberInvalid",
      "A Russian INN has ten or twelve digits, and the last ones are right.",
      "an INN of nine digits",
      "an INN with a wrong check digit",
    ),
    strict(
      "registrationNumberNotSupported",
      "No number is given where none is asked for.",
      "a registration number where none is asked for",
    ),
    strict("phoneNumberMissing", "An address in Brazil has a telephone number.", "Brazil without a telephone number"),
    value(
      "phoneNumberInvalid",
      "A telephone number is one that there can be.",
      "a telephone number that there cannot be",
    ),
    value(
      "companyNameInvalid",
      "LLC, 999 and 1 2 3 are no names of companies.",
      'the company name "LLC"',
      'the company name "999"',
      'the company name "1 2 3"',
    ),
    value("malformedValue", "The name of a company has at most 255 characters.", "a company name of 256 characters"),
    value("contactNameInvalid", "A name has two letters at the least.", "a first name of one letter"),
    value("emailInvalid", "An e-mail address has one form.", "an address with two dots in a row"),
    must("emailDomainNotAllowed", "The address is neither at microsoft.com nor at the partner's own domain.", [
      `rules/refusals > an address at microsoft.com ${allThatIsWrong}`,
      strictly.replace("%s", "an e-mail address at the partner's own domain"),
    ]),
    must("accessDenied", "The permission suffices.", [
      "server/permissions > for $method $path > answers 403 to %s, and names what would suffice",
    ]),
    must("customerAlreadyAttached", "An operation has one customer.", [
      "server/attaching > another customer, %s, on an operation that is %s is answered 409",
    ]),
    must("operationNotModifiable", "An operation that is canceled takes no customer.", [
      "server/attaching > a customer on an operation that is canceled is answered 409",
    ]),
    must("idempotencyKeyReused", "A key belongs to one request: with another body it is refused.", [
      "onboarding/repeatability > %s is refused with a link to what that one made",
    ]),
    must("entityTagDoesNotMatch", "An entity tag that is stale changes nothing.", [
      "server/preconditions > %s is answered 412, with the present tag",
    ]),
    must("throttledRequest", "A partner has so many requests a minute.", [
      "server/throttle > admits as many as it says, refuses the rest, changes nothing for them, and begins anew with the next minute",
    ]),
    must("all at once", "Every fault of a body is told in one answer.", [
      `rules/refusals > everything at once ${allThatIsWrong}`,
    ]),
    must("twenty countries", "What is published of twenty countries is accepted, and its careless forms are not.", [
      "rules/countries > a customer with the published examples of %s is created as strict as can be",
      "rules/countries > careless values of %s are refused, each with its code",
    ]),
  ],
};
