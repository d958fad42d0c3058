import type { CountryValidationRules } from "../../../src/client/types.ts";
import { nameOfCountry, nameOfLanguage } from "../customers/format.ts";
import { texts } from "../texts.ts";

/** The parts of a form about a customer. */
export type FieldGroup = "company" | "contact" | "address" | "communication";

/** What the rules of a country make of a field. */
export interface FieldRules {
  readonly isRequired?: boolean;
  readonly hint?: string;
  /** What can be chosen from; empty: anything can be written. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly label?: string;
}

/** A field of a form about a customer: a property that can be written, by its path in the API. */
export interface CustomerField {
  readonly path: string;
  readonly group: FieldGroup;
  readonly label: string;
  readonly autoComplete?: string;
  /** What a country's rules say of it; null: the country knows no such thing. */
  rules(country: CountryValidationRules | undefined): FieldRules | null;
  /** What a value is called that is a code, where the rules do not list it. */
  nameOf?(code: string): string;
}

export const countryPath = "billingProfile/defaultAddress/country";
export const domainPath = "companyProfile/domain";

const address = "billingProfile/defaultAddress";
export const statePath = `${address}/state`;
export const culturePath = "billingProfile/culture";
export const languagePath = "billingProfile/language";
export const registrationNumberPath = "companyProfile/organizationRegistrationNumber";
const free = () => ({});
const needed = () => ({ isRequired: true });
const { labels } = texts.fields;

/** The fields, in the order of the forms. The country and the domain have widgets of their own. */
export const customerFields: readonly CustomerField[] = [
  { path: "billingProfile/companyName", group: "company", label: labels.billingName, rules: needed },
  { path: "companyProfile/companyName", group: "company", label: labels.companyName, rules: free },
  {
    path: registrationNumberPath,
    group: "company",
    label: labels.registrationNumber,
    rules: (country) =>
      country?.isRegistrationNumberSupported === true
        ? {
            isRequired: country.isRegistrationNumberRequired,
            hint: texts.fields.example(country.registrationNumberExample),
            label: country.registrationNumberName ?? labels.registrationNumber,
          }
        : null,
  },
  { path: `${address}/firstName`, group: "contact", label: labels.firstName, rules: needed },
  { path: `${address}/lastName`, group: "contact", label: labels.lastName, rules: needed },
  { path: "billingProfile/email", group: "contact", label: labels.email, rules: needed },
  {
    path: `${address}/phoneNumber`,
    group: "contact",
    label: labels.phoneNumber,
    rules: (country) => ({
      isRequired: country?.isPhoneNumberRequired === true,
      hint: texts.fields.example(country?.phoneNumberExample),
    }),
  },
  { path: `${address}/addressLine1`, group: "address", label: labels.addressLine1, rules: needed },
  { path: `${address}/addressLine2`, group: "address", label: labels.addressLine2, rules: free },
  {
    path: `${address}/city`,
    group: "address",
    label: labels.city,
    rules: (country) => ({ isRequired: country?.isCityRequired === true }),
  },
  {
    path: statePath,
    group: "address",
    label: labels.state,
    rules: (country) => ({
      isRequired: country?.isStateRequired === true,
      choices:
        country?.isStateListClosed === true
          ? country.supportedStates.map(({ code, name }) => ({ value: code, label: name }))
          : [],
    }),
  },
  {
    path: `${address}/postalCode`,
    group: "address",
    label: labels.postalCode,
    rules: (country) => ({
      isRequired: country?.isPostalCodeRequired === true,
      hint: texts.fields.example(country?.postalCodeExample),
    }),
  },
  {
    path: culturePath,
    group: "communication",
    label: labels.culture,
    rules: (country) => ({ isRequired: true, choices: choicesOf(country?.supportedCultures) }),
    nameOf: nameOfLanguage,
  },
  {
    path: languagePath,
    group: "communication",
    label: labels.language,
    rules: (country) => ({ isRequired: true, choices: choicesOf(country?.supportedLanguages) }),
    nameOf: nameOfLanguage,
  },
];

function choicesOf(tags: readonly string[] = []) {
  return tags.map((tag) => ({ value: tag, label: nameOfLanguage(tag) }));
}

const fieldPaths = [countryPath, domainPath, ...customerFields.map(({ path }) => path)];

/** A message of the server with its fields called as the forms call them. */
export function nameFields(message: string): string {
  return message.replaceAll(/'([\w/]+)'/g, (quoted, path) =>
    fieldPaths.includes(path) ? texts.fields.named(labelOf(path)) : quoted,
  );
}

/** What a field is called, by the rules of a country if it has its own name there; the path itself where no form has it. */
export function labelOf(path: string, rules?: CountryValidationRules): string {
  if (path === countryPath) return labels.country;
  if (path === domainPath) return labels.domain;
  const field = customerFields.find((each) => each.path === path);
  return field?.rules(rules)?.label ?? field?.label ?? path;
}

/** A value as people read it: of what is a code its name, as the forms show it. */
export function readable(path: string, value: string, rules: CountryValidationRules | undefined): string {
  if (value === "") return "";
  if (path === countryPath) return nameOfCountry(value);
  const field = customerFields.find((each) => each.path === path);
  const choice = field?.rules(rules)?.choices?.find((each) => each.value === value);
  return choice?.label ?? field?.nameOf?.(value) ?? value;
}
