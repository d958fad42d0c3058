import {
  computed,
  computedLater,
  type EntityType,
  fixed,
  fixedAlways,
  hiddenAlways,
  optional,
  required,
  shows,
} from "./define.ts";
import { type ComplexType, choice, complex, type Dictionary, flag, identifier, instant, list, text } from "./kinds.ts";

const name = text({ lengthMax: 50 });
const line = text({ lengthMax: 200 });
const place = text({ lengthMax: 100 });
const companyName = text({ lengthMin: 2, lengthMax: 255 });
const email = text({
  lengthMax: 254,
  pattern: /^[^\s@"(),:;<>[\]\\]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u,
  example: "ana@fabrikam.example",
});

export const domainName = text({ lengthMax: 253, example: "contoso.onmicrosoft.com" });

export const externalIdentifier = text({
  lengthMax: 128,
  pattern: /^[A-Za-z0-9._:-]+$/,
  example: "crm-4711",
});

const address = {
  name: "address",
  description: "A postal address and the person to reach there.",
  properties: {
    country: optional(
      text({ lengthMin: 2, lengthMax: 2, pattern: /^[A-Za-z]{2}$/, example: "PT" }),
      "The country, as its two letters of ISO 3166-1.",
    ),
    addressLine1: optional(line, "The first line: street and number."),
    addressLine2: optional(line, "The second line."),
    addressLine3: optional(line, "The third line."),
    city: optional(place, "The city."),
    state: optional(place, "The state or province."),
    region: optional(place, "The region, where a country has no states."),
    district: optional(place, "The district."),
    postalCode: optional(text({ lengthMax: 20 }), "The postal code."),
    firstName: optional(name, "The first name of the contact."),
    middleName: optional(name, "The middle name of the contact."),
    lastName: optional(name, "The last name of the contact."),
    phoneNumber: optional(text({ lengthMax: 40 }), "The telephone number of the contact."),
  },
} as const satisfies ComplexType;

const companyProfile = {
  name: "companyProfile",
  description: "The company that the customer is.",
  properties: {
    domain: fixedAlways(domainName, "The initial domain of the tenant; by default that of the operation."),
    companyName: optional(companyName, "The name of the company; by default that of the billing profile."),
    organizationRegistrationNumber: optional(
      text({ lengthMax: 50 }),
      "The number under which the company is registered in its country.",
    ),
    tenantId: shows(identifier, "tenantId", "The identifier of the customer's tenant."),
    email: shows(email, "billingProfile/email", "The e-mail address of the billing profile."),
    address: shows(complex(address), "billingProfile/defaultAddress", "The address of the billing profile."),
  },
} as const satisfies ComplexType;

const billingProfile = {
  name: "billingProfile",
  description: "Who pays, in which culture, and where.",
  properties: {
    id: computed(identifier, "The identifier of the billing profile."),
    firstName: optional(name, "The first name of the billing contact; by default that of the default address."),
    lastName: optional(name, "The last name of the billing contact; by default that of the default address."),
    email: optional(email, "The e-mail address of the billing contact."),
    culture: optional(text({ lengthMax: 35 }), "The culture of communication and currency, such as pt-PT."),
    language: optional(text({ lengthMax: 35 }), "The language of communication, such as pt."),
    companyName: optional(companyName, "The registered name of the company."),
    defaultAddress: optional(complex(address), "The physical address of the company."),
  },
} as const satisfies ComplexType;

const metadata = {
  kind: "dictionary",
  name: "customerMetadata",
  entriesMax: 50,
  keyLengthMax: 40,
  keyPattern: /^[\p{L}_][\p{L}\p{N}_]*$/u,
  valueLengthMax: 500,
} as const satisfies Dictionary;

/** The customer of a partner: a company with a tenant of its own. */
export const customer = {
  name: "customer",
  set: "customers",
  alternateKeys: ["externalId"],
  changes: "tracked",
  description: "The customer of a partner: a company with a tenant of its own.",
  properties: {
    id: computed(identifier, "The key of the customer."),
    tenantId: computedLater(identifier, "The identifier of the customer's tenant, null until it exists."),
    externalId: fixed(externalIdentifier, "The customer's key in the partner's own system.", "whenNull"),
    companyProfile: required(complex(companyProfile), "The company."),
    billingProfile: required(complex(billingProfile), "Who pays, in which culture, and where."),
    relationshipToPartner: computed(
      choice(
        "customerPartnerRelationship",
        "none",
        "reseller",
        "advisor",
        "syndication",
        "microsoftSupport",
        "unknownFutureValue",
      ),
      "How the partner is related to the customer.",
    ),
    associatedPartnerId: fixed(identifier, "The tenant of the indirect reseller who brought the customer."),
    allowDelegatedAccess: computedLater(flag, "Whether the partner may administer the tenant."),
    enableGDAPByDefault: fixedAlways(
      flag,
      "Whether granular delegated administration is set up with the tenant; by default false.",
    ),
    customDomains: computed(list(domainName), "The domains of the tenant, the initial one first."),
    lifecycleState: computed(
      choice(
        "customerLifecycleState",
        "provisioning",
        "active",
        "suspended",
        "removing",
        "removed",
        "failed",
        "unknownFutureValue",
      ),
      "Where in its life the customer is.",
    ),
    validationStatus: computed(
      choice(
        "customerValidationStatus",
        "unknown",
        "notReady",
        "underReview",
        "allowed",
        "notAllowed",
        "unknownFutureValue",
      ),
      "How far the vetting of the company is.",
    ),
    validationLastUpdatedDateTime: computedLater(instant, "When the vetting last changed."),
    validationReason: computedLater(text({ lengthMax: 500 }), "Why the vetting stands where it does."),
    metadata: optional(metadata, "Text values that the partner keeps with the customer."),
    createdDateTime: computed(instant, "When the customer was created."),
    lastModifiedDateTime: computed(instant, "When the customer was last changed."),
    deletedDateTime: computedLater(instant, "When the customer was deleted."),
    partnerId: hiddenAlways(identifier, "The partner whose customer it is."),
    version: hiddenAlways(identifier, "Made anew by each write; the entity tag shows it."),
  },
  navigation: {},
} as const satisfies EntityType;
