import type { BoundOperation } from "./bound-operation.ts";
import { computed, computedLater, required, type ValuesOf } from "./define.ts";
import { type ComplexType, document, flag, list, text } from "./kinds.ts";

const word = text({ lengthMax: 100 });
const pattern = text({ lengthMax: 500 });

const countryState = {
  name: "countryState",
  description: "A state, province or other subdivision of a country.",
  properties: {
    code: computed(word, "Its code in ISO 3166-2, without the country."),
    name: computed(word, "Its name in ISO 3166-2."),
  },
} as const satisfies ComplexType;

const countryValidationRules = {
  name: "countryValidationRules",
  description: "What a customer in a country must have, and what its values look like.",
  properties: {
    country: computed(text({ lengthMin: 2, lengthMax: 2 }), "The two letters of the country in ISO 3166-1."),
    name: computed(word, "Its name in English."),
    isSupported: computed(flag, "Whether customers of this service can be there."),
    defaultCulture: computed(word, "The culture that most people there have."),
    supportedCultures: computed(list(word), "The cultures that a billing profile can have."),
    supportedLanguages: computed(list(word), "The languages that it can have, besides those cultures."),
    isCityRequired: computed(flag, "Whether an address must have a city."),
    isStateRequired: computed(flag, "Whether an address must have a state."),
    isStateListClosed: computed(flag, "Whether the state must be the code of one that is listed."),
    supportedStates: computed(list(document(countryState)), "The states."),
    isPostalCodeRequired: computed(flag, "Whether an address must have a postal code."),
    postalCodePattern: computedLater(
      pattern,
      "The regular expression of the postal codes; null where they have no form.",
    ),
    postalCodeExample: computedLater(word, "A postal code."),
    isPhoneNumberRequired: computed(flag, "Whether an address must have a telephone number."),
    countryCallingCodes: computed(list(word), "The calling codes."),
    phoneNumberPattern: computedLater(pattern, "The regular expression of its telephone numbers by E.164."),
    phoneNumberExample: computedLater(word, "A telephone number."),
    isRegistrationNumberRequired: computed(flag, "Whether a company must have a registration number."),
    isRegistrationNumberSupported: computed(flag, "Whether a registration number has a form there."),
    registrationNumberName: computedLater(word, "What it is called there."),
    registrationNumberPattern: computedLater(
      pattern,
      "Its regular expression, without spaces, dots, dashes and slashes.",
    ),
    registrationNumberExample: computedLater(word, "A registration number."),
    hasRegistrationNumberCheckDigits: computed(flag, "Whether its check digits are checked as well."),
  },
} as const satisfies ComplexType;

/** The rules of a country, as they are told. */
export type CountryValidationRules = ValuesOf<(typeof countryValidationRules)["properties"]>;

/** Asks for the rules of a country. */
export const countryRules = {
  kind: "function",
  name: "countryRules",
  parameters: {
    country: required(text({ lengthMax: 100 }), "The two letters of a country in ISO 3166-1, such as PT."),
  },
  returns: { shape: "value", kind: document(countryValidationRules) },
} as const satisfies BoundOperation;
