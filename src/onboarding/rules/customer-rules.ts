import { isValues, type Values } from "../../model/define.ts";
import type { Complaint, ProblemCode } from "../../model/problem.ts";
import { valueAt } from "../../model/property-path.ts";
import { countryName } from "../countries/countries.ts";
import { postalCodeForm } from "../countries/postal-codes.ts";
import { needsRegistrationNumber, registrationNumberForm } from "../countries/registration-numbers.ts";
import { addressRequirements } from "../countries/requirements.ts";
import { checkCountry, checkPhoneNumber, checkPlace, checkPostalCode, checkRegion, checkState } from "./address.ts";
import { checkCompanyName } from "./company-name.ts";
import { checkContactName, checkEmail, checkMiddleName } from "./contact.ts";
import { checkRegistrationNumber } from "./registration-number.ts";
import type { Place, Rule, ValidationSettings, Warning } from "./rule.ts";
import { checkCulture, checkLanguage } from "./speech.ts";

/** What the rules say of a customer: its values in their canonical form, and everything that is wrong with them. */
export interface Examined {
  readonly values: Values;
  readonly errors: readonly Complaint[];
  readonly warnings: readonly Warning[];
}

const address = "billingProfile/defaultAddress";

/** The rule of each property that has one. A domain has its rules in `domain.ts`. */
const rules: Readonly<Record<string, Rule>> = {
  "companyProfile/companyName": checkCompanyName,
  "companyProfile/organizationRegistrationNumber": checkRegistrationNumber,
  "billingProfile/firstName": checkContactName,
  "billingProfile/lastName": checkContactName,
  "billingProfile/email": checkEmail,
  "billingProfile/culture": checkCulture,
  "billingProfile/language": checkLanguage,
  "billingProfile/companyName": checkCompanyName,
  [`${address}/country`]: checkCountry,
  [`${address}/addressLine1`]: checkPlace,
  [`${address}/addressLine2`]: checkPlace,
  [`${address}/addressLine3`]: checkPlace,
  [`${address}/city`]: checkPlace,
  [`${address}/state`]: checkState,
  [`${address}/region`]: checkRegion,
  [`${address}/district`]: checkPlace,
  [`${address}/postalCode`]: checkPostalCode,
  [`${address}/firstName`]: checkContactName,
  [`${address}/middleName`]: checkMiddleName,
  [`${address}/lastName`]: checkContactName,
  [`${address}/phoneNumber`]: checkPhoneNumber,
};

const ruled = Object.entries(rules).map(([target, rule]) => ({ target, rule, path: target.split("/") }));

/** What must be given when validation is strict, the code of its absence, and in which countries. */
const required: readonly (readonly [path: string, code: ProblemCode, where?: (country: string) => boolean])[] = [
  ["companyProfile/organizationRegistrationNumber", "registrationNumberMissing", needsRegistrationNumber],
  ["billingProfile/email", "requiredFieldMissing"],
  ["billingProfile/culture", "requiredFieldMissing"],
  ["billingProfile/language", "requiredFieldMissing"],
  ["billingProfile/companyName", "requiredFieldMissing"],
  [address, "requiredFieldMissing"],
  [`${address}/country`, "requiredFieldMissing"],
  [`${address}/addressLine1`, "requiredFieldMissing"],
  [`${address}/city`, "cityRequired", (country) => addressRequirements(country).city],
  [`${address}/state`, "requiredFieldMissing", (country) => addressRequirements(country).state],
  [`${address}/postalCode`, "requiredFieldMissing", (country) => addressRequirements(country).postalCode],
  [`${address}/firstName`, "requiredFieldMissing"],
  [`${address}/lastName`, "requiredFieldMissing"],
  [`${address}/phoneNumber`, "phoneNumberMissing", needsRegistrationNumber],
];

const requirements = required.map(([target, code, where]) => {
  return { target, code, where, path: target.split("/"), isOfAddress: target.startsWith(`${address}/`) };
});
const addressPath = address.split("/");
const countryPath = [...addressPath, "country"];

/**
 * Examines a customer by the rules of its country: everything at once, each fault with the path of its property. What
 * only strict validation refuses is a warning otherwise.
 */
export function examineCustomer(settings: ValidationSettings, given: Values): Examined {
  const errors: Complaint[] = [];
  const strictly: Complaint[] = [];
  const warnings: Warning[] = [];
  const situation = situationOf(settings, given);
  let values = given;
  for (const { target, rule, path } of ruled) {
    const value = valueAt(given, path);
    if (typeof value !== "string") continue;
    const verdict = rule(value, { ...situation, target });
    if (verdict.value !== undefined && verdict.value !== value) values = withValue(values, path, verdict.value);
    if (verdict.errors !== undefined) errors.push(...verdict.errors);
    if (verdict.strictly !== undefined) strictly.push(...verdict.strictly);
    if (verdict.warnings !== undefined) warnings.push(...verdict.warnings);
  }
  strictly.push(...complainAboutAbsence(given, situation.country));
  if (settings.level === "strict") return { values, errors: [...errors, ...strictly], warnings };
  return { values, errors, warnings: [...warnings, ...strictly] };
}

function situationOf(settings: ValidationSettings, given: Values): Omit<Place, "target"> {
  const country = valueAt(given, countryPath);
  if (typeof country !== "string") return { settings };
  const { value, errors = [] } = checkCountry(country, { settings, target: "" });
  if (value !== undefined) return { settings, country: value };
  // A country that the service is not set up for has its rules nevertheless.
  const [error] = errors;
  return error?.code === "countryNotSupported"
    ? { settings, country: country.trim().toUpperCase() }
    : { settings, isLost: true };
}

function complainAboutAbsence(given: Values, country: string | undefined): readonly Complaint[] {
  const hasAddress = isValues(valueAt(given, addressPath));
  return requirements
    .filter(({ path }) => (valueAt(given, path) ?? null) === null)
    .filter(({ isOfAddress }) => hasAddress || !isOfAddress)
    .filter(({ where }) => where === undefined || (country !== undefined && where(country)))
    .map(({ target, code }) => absent(target, code, country));
}

function absent(target: string, code: ProblemCode, country: string | undefined): Complaint {
  const where = country === undefined ? "" : ` in ${countryName(country)}`;
  const message = `'${target}' is required${where}.`;
  const form = country === undefined ? undefined : formOf(target, country);
  if (form === undefined) return { code, message, target };
  const { pattern, example } = form;
  const advice = { pattern: pattern.source, example };
  return { code, message: `${message} The pattern is ${advice.pattern}. An example is ${example}.`, target, advice };
}

function formOf(target: string, country: string) {
  if (target === `${address}/postalCode`) return postalCodeForm(country);
  return target.startsWith("companyProfile/") ? registrationNumberForm(country) : undefined;
}

/** Gives values with another value at a path; the order of the properties stays. */
function withValue(values: Values, path: readonly string[], value: unknown): Values {
  const [name = "", ...rest] = path;
  const inner = values[name];
  const changed: Record<string, unknown> = { ...values };
  changed[name] = rest.length === 0 ? value : withValue(isValues(inner) ? inner : {}, rest, value);
  return changed;
}
