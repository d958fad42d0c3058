// Generated from the model by `npm run generate`. Do not edit.

/** Evolvable: members may be added after unknownFutureValue. */
export type CustomerCreationOperationStatus =
  | "notStarted"
  | "running"
  | "succeeded"
  | "failed"
  | "canceled"
  | "unknownFutureValue";

/** Evolvable: members may be added after unknownFutureValue. */
export type CustomerCreationOperationStage =
  | "domainReserved"
  | "validating"
  | "provisioningTenant"
  | "linkingPartner"
  | "creatingBillingAccount"
  | "issuingCredentials"
  | "publishing"
  | "completed"
  | "unknownFutureValue";

/** Evolvable: members may be added after unknownFutureValue. */
export type CustomerPartnerRelationship =
  | "none"
  | "reseller"
  | "advisor"
  | "syndication"
  | "microsoftSupport"
  | "unknownFutureValue";

/** Evolvable: members may be added after unknownFutureValue. */
export type CustomerLifecycleState =
  | "provisioning"
  | "active"
  | "suspended"
  | "removing"
  | "removed"
  | "failed"
  | "unknownFutureValue";

/** Evolvable: members may be added after unknownFutureValue. */
export type CustomerValidationStatus =
  | "unknown"
  | "notReady"
  | "underReview"
  | "allowed"
  | "notAllowed"
  | "unknownFutureValue";

/** Evolvable: members may be added after unknownFutureValue. */
export type NotificationPurpose =
  | "changes"
  | "lifecycle"
  | "test"
  | "unknownFutureValue";

/** Evolvable: members may be added after unknownFutureValue. */
export type NotificationDeliveryStatus =
  | "delivered"
  | "retrying"
  | "dropped"
  | "unknownFutureValue";

/** Evolvable: members may be added after unknownFutureValue. */
export type AuditResult =
  | "success"
  | "accessDenied"
  | "throttled"
  | "unknownFutureValue";

/** Evolvable: members may be added after unknownFutureValue. */
export type DomainAvailabilityState =
  | "available"
  | "reserved"
  | "inUse"
  | "invalid"
  | "unknownFutureValue";

/** The exact codes of refusals. Others may be added. */
export type ErrorCode =
  | "invalidRequest"
  | "malformedJson"
  | "requiredFieldMissing"
  | "nullValue"
  | "malformedValue"
  | "unknownProperty"
  | "duplicateProperty"
  | "propertyNotUpdateable"
  | "unknownEnumMember"
  | "invalidQueryOption"
  | "invalidEntityReference"
  | "invalidAlternateKey"
  | "malformedEntityTag"
  | "subscriptionValidationFailed"
  | "subscriptionValidationTimedOut"
  | "invalidDomainFormat"
  | "domainSuffixNotAllowed"
  | "domainMismatch"
  | "invalidAddress"
  | "stateInvalid"
  | "postalCodeInvalid"
  | "cityRequired"
  | "cultureNotSupported"
  | "languageNotSupported"
  | "registrationNumberMissing"
  | "registrationNumberInvalid"
  | "registrationNumberNotSupported"
  | "phoneNumberMissing"
  | "phoneNumberInvalid"
  | "companyNameInvalid"
  | "contactNameInvalid"
  | "emailInvalid"
  | "emailDomainNotAllowed"
  | "repeatabilityHeadersInvalid"
  | "unauthenticated"
  | "accessDenied"
  | "countryNotSupported"
  | "customerQuotaExceeded"
  | "itemNotFound"
  | "notAllowed"
  | "invalidAcceptType"
  | "conflict"
  | "nameAlreadyExists"
  | "domainReserved"
  | "domainAlreadyInUse"
  | "customerAlreadyAttached"
  | "operationNotModifiable"
  | "credentialsNotReady"
  | "idempotencyKeyReused"
  | "requestInProgress"
  | "reservationExpired"
  | "credentialsAlreadyClaimed"
  | "syncStateNotFound"
  | "resyncRequired"
  | "entityTagDoesNotMatch"
  | "isolationNotSupported"
  | "repeatabilityWindowExceeded"
  | "payloadTooLarge"
  | "uriTooLong"
  | "unsupportedMediaType"
  | "failedDependency"
  | "throttledRequest"
  | "headersTooLarge"
  | "notSupported"
  | "serviceNotAvailable"
  | "quotaLimitReached";

export type CustomerMetadata = Readonly<Record<string, string>>;

/** Why something failed, in the shape of an error answer. */
export interface PublicError {
  /** The code of the error. */
  readonly code: string;
  /** The error in words. */
  readonly message: string;
  /** What is at fault. */
  readonly target: string | null;
  /** The faults one by one. */
  readonly details: readonly PublicErrorDetail[];
  /** The error more exactly. */
  readonly innerError: PublicInnerError | null;
}

/** One of several faults. */
export interface PublicErrorDetail {
  /** The code of the fault. */
  readonly code: string;
  /** The fault in words. */
  readonly message: string;
  /** What is at fault. */
  readonly target: string | null;
}

/** The fault more exactly. */
export interface PublicInnerError {
  /** The exact code of the fault. */
  readonly code: string;
}

/** One step in the life of an operation. */
export interface CustomerCreationOperationTransition {
  /** The status that was reached. */
  readonly status: CustomerCreationOperationStatus;
  /** The stage that was reached. */
  readonly stage: CustomerCreationOperationStage;
  /** When it was reached. */
  readonly transitionDateTime: string;
}

/** The company that the customer is. */
export interface CompanyProfile {
  /** The initial domain of the tenant; by default that of the operation. */
  readonly domain: string;
  /** The name of the company; by default that of the billing profile. */
  readonly companyName: string | null;
  /** The number under which the company is registered in its country. */
  readonly organizationRegistrationNumber: string | null;
  /** The identifier of the customer's tenant. */
  readonly tenantId: string | null;
  /** The e-mail address of the billing profile. */
  readonly email: string | null;
  /** The address of the billing profile. */
  readonly address: Address | null;
}

/** What can be sent to create a companyProfile. */
export interface CompanyProfileCreate {
  readonly domain?: string;
  readonly companyName?: string | null;
  readonly organizationRegistrationNumber?: string | null;
}

/** What can be sent to change a companyProfile. */
export interface CompanyProfileUpdate {
  readonly companyName?: string | null;
  readonly organizationRegistrationNumber?: string | null;
}

/** A postal address and the person to reach there. */
export interface Address {
  /** The country, as its two letters of ISO 3166-1. */
  readonly country: string | null;
  /** The first line: street and number. */
  readonly addressLine1: string | null;
  /** The second line. */
  readonly addressLine2: string | null;
  /** The third line. */
  readonly addressLine3: string | null;
  /** The city. */
  readonly city: string | null;
  /** The state or province. */
  readonly state: string | null;
  /** The region, where a country has no states. */
  readonly region: string | null;
  /** The district. */
  readonly district: string | null;
  /** The postal code. */
  readonly postalCode: string | null;
  /** The first name of the contact. */
  readonly firstName: string | null;
  /** The middle name of the contact. */
  readonly middleName: string | null;
  /** The last name of the contact. */
  readonly lastName: string | null;
  /** The telephone number of the contact. */
  readonly phoneNumber: string | null;
}

/** What can be sent to create a address. */
export interface AddressCreate {
  readonly country?: string | null;
  readonly addressLine1?: string | null;
  readonly addressLine2?: string | null;
  readonly addressLine3?: string | null;
  readonly city?: string | null;
  readonly state?: string | null;
  readonly region?: string | null;
  readonly district?: string | null;
  readonly postalCode?: string | null;
  readonly firstName?: string | null;
  readonly middleName?: string | null;
  readonly lastName?: string | null;
  readonly phoneNumber?: string | null;
}

/** What can be sent to change a address. */
export interface AddressUpdate {
  readonly country?: string | null;
  readonly addressLine1?: string | null;
  readonly addressLine2?: string | null;
  readonly addressLine3?: string | null;
  readonly city?: string | null;
  readonly state?: string | null;
  readonly region?: string | null;
  readonly district?: string | null;
  readonly postalCode?: string | null;
  readonly firstName?: string | null;
  readonly middleName?: string | null;
  readonly lastName?: string | null;
  readonly phoneNumber?: string | null;
}

/** Who pays, in which culture, and where. */
export interface BillingProfile {
  /** The identifier of the billing profile. */
  readonly id: string;
  /** The first name of the billing contact; by default that of the default address. */
  readonly firstName: string | null;
  /** The last name of the billing contact; by default that of the default address. */
  readonly lastName: string | null;
  /** The e-mail address of the billing contact. */
  readonly email: string | null;
  /** The culture of communication and currency, such as pt-PT. */
  readonly culture: string | null;
  /** The language of communication, such as pt. */
  readonly language: string | null;
  /** The registered name of the company. */
  readonly companyName: string | null;
  /** The physical address of the company. */
  readonly defaultAddress: Address | null;
}

/** What can be sent to create a billingProfile. */
export interface BillingProfileCreate {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly email?: string | null;
  readonly culture?: string | null;
  readonly language?: string | null;
  readonly companyName?: string | null;
  readonly defaultAddress?: AddressCreate | null;
}

/** What can be sent to change a billingProfile. */
export interface BillingProfileUpdate {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly email?: string | null;
  readonly culture?: string | null;
  readonly language?: string | null;
  readonly companyName?: string | null;
  readonly defaultAddress?: AddressUpdate | null;
}

/** The first administrator of a new tenant. */
export interface CustomerCredentials {
  /** The name to sign in with. */
  readonly userName: string;
  /** The password, which must be changed at the first sign-in. */
  readonly password: string;
}

/** Whether a domain can be reserved. It says nothing of who holds one that is taken. */
export interface DomainAvailability {
  /** The domain in its canonical form. */
  readonly domain: string;
  /** Whether it is free, held by an operation, in use by a customer, or no domain that can be had. */
  readonly availability: DomainAvailabilityState;
  /** The code with which it would be refused; null when it is available. */
  readonly code: string | null;
  /** Why it would be refused; null when it is available. */
  readonly message: string | null;
  /** Three domains that are free, when this one is not. */
  readonly alternatives: readonly string[];
}

/** What a customer in a country must have, and what its values look like. */
export interface CountryValidationRules {
  /** The two letters of the country in ISO 3166-1. */
  readonly country: string;
  /** Its name in English. */
  readonly name: string;
  /** Whether customers of this service can be there. */
  readonly isSupported: boolean;
  /** The culture that most people there have. */
  readonly defaultCulture: string;
  /** The cultures that a billing profile can have. */
  readonly supportedCultures: readonly string[];
  /** The languages that it can have, besides those cultures. */
  readonly supportedLanguages: readonly string[];
  /** Whether an address must have a city. */
  readonly isCityRequired: boolean;
  /** Whether an address must have a state. */
  readonly isStateRequired: boolean;
  /** Whether the state must be the code of one that is listed. */
  readonly isStateListClosed: boolean;
  /** The states. */
  readonly supportedStates: readonly CountryState[];
  /** Whether an address must have a postal code. */
  readonly isPostalCodeRequired: boolean;
  /** The regular expression of the postal codes; null where they have no form. */
  readonly postalCodePattern: string | null;
  /** A postal code. */
  readonly postalCodeExample: string | null;
  /** Whether an address must have a telephone number. */
  readonly isPhoneNumberRequired: boolean;
  /** The calling codes. */
  readonly countryCallingCodes: readonly string[];
  /** The regular expression of its telephone numbers by E.164. */
  readonly phoneNumberPattern: string | null;
  /** A telephone number. */
  readonly phoneNumberExample: string | null;
  /** Whether a company must have a registration number. */
  readonly isRegistrationNumberRequired: boolean;
  /** Whether a registration number has a form there. */
  readonly isRegistrationNumberSupported: boolean;
  /** What it is called there. */
  readonly registrationNumberName: string | null;
  /** Its regular expression, without spaces, dots, dashes and slashes. */
  readonly registrationNumberPattern: string | null;
  /** A registration number. */
  readonly registrationNumberExample: string | null;
  /** Whether its check digits are checked as well. */
  readonly hasRegistrationNumberCheckDigits: boolean;
}

/** A state, province or other subdivision of a country. */
export interface CountryState {
  /** Its code in ISO 3166-2, without the country. */
  readonly code: string;
  /** Its name in ISO 3166-2. */
  readonly name: string;
}

/** What would become of a customer if it were created now. */
export interface CustomerValidation {
  /** Whether it would be created. */
  readonly isValid: boolean;
  /** Everything for which it would be refused. */
  readonly errors: readonly CustomerFinding[];
  /** What would not be refused, and should be looked at. */
  readonly warnings: readonly CustomerFinding[];
  /** The customer as it would be kept. */
  readonly customer: CanonicalCustomer;
}

/** Something that is wrong with a customer, or that someone should look at. */
export interface CustomerFinding {
  /** The exact code. */
  readonly code: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
  /** The path of the property. */
  readonly target: string | null;
  /** The value that was found. */
  readonly value: string | null;
  /** The value that was probably meant. */
  readonly suggestion: string | null;
  /** The regular expression of right values. */
  readonly pattern: string | null;
  /** A right value. */
  readonly example: string | null;
  /** All right values, where they can be listed. */
  readonly allowed: readonly string[];
}

/** A customer as it would be kept: what was given, each value in its canonical form. */
export interface CanonicalCustomer {
  /** The customer's key in the partner's own system. */
  readonly externalId: string | null;
  /** The company. */
  readonly companyProfile: CompanyProfile | null;
  /** Who pays, in which culture, and where. */
  readonly billingProfile: BillingProfile | null;
  /** The tenant of the indirect reseller who brought the customer. */
  readonly associatedPartnerId: string | null;
  /** Whether granular delegated administration is set up with the tenant; by default false. */
  readonly enableGDAPByDefault: boolean | null;
  /** Text values that the partner keeps with the customer. */
  readonly metadata: CustomerMetadata | null;
}

/** The creation of one customer, from the reservation of its domain to the finished tenant. */
export interface CustomerCreationOperation {
  readonly "@odata.etag": string;
  /** The key of the operation. */
  readonly id: string;
  /** The domain that is reserved for the customer. */
  readonly domain: string;
  /** Where the operation stands. The server sets it; a client may set canceled. */
  readonly status: CustomerCreationOperationStatus;
  /** The stage that was last reached. */
  readonly stage: CustomerCreationOperationStage;
  /** How much of the work is done, in per cent. */
  readonly percentComplete: number;
  /** The URL of the customer, once the operation has succeeded. */
  readonly resourceLocation: string | null;
  /** Why the operation failed or was canceled. */
  readonly error: PublicError | null;
  /** Whether a failed operation may be tried again. */
  readonly isRetryable: boolean | null;
  /** How often the current stage was tried. */
  readonly attempts: number;
  /** Every step so far, with its time. */
  readonly history: readonly CustomerCreationOperationTransition[];
  /** The operation's key in the partner's own system. */
  readonly externalId: string | null;
  /** The application or person that opened the operation. */
  readonly requestedBy: string;
  /** The client-request-id of the call that opened the operation. */
  readonly correlationId: string;
  /** When the operation was opened. */
  readonly createdDateTime: string;
  /** When the operation last changed. */
  readonly lastActionDateTime: string;
  /** When the reservation of the domain ends; null once a customer is attached, and set again when the operation fails. */
  readonly expirationDateTime: string | null;
}

/** What can be sent to create a customerCreationOperation. */
export interface CustomerCreationOperationCreate {
  readonly domain: string;
  readonly status?: CustomerCreationOperationStatus;
  readonly externalId?: string | null;
}

/** What can be sent to change a customerCreationOperation. */
export interface CustomerCreationOperationUpdate {
  readonly domain?: string;
  readonly status?: CustomerCreationOperationStatus;
}

/** The customer of a partner: a company with a tenant of its own. */
export interface Customer {
  readonly "@odata.etag": string;
  /** The key of the customer. */
  readonly id: string;
  /** The identifier of the customer's tenant, null until it exists. */
  readonly tenantId: string | null;
  /** The customer's key in the partner's own system. */
  readonly externalId: string | null;
  /** The company. */
  readonly companyProfile: CompanyProfile;
  /** Who pays, in which culture, and where. */
  readonly billingProfile: BillingProfile;
  /** How the partner is related to the customer. */
  readonly relationshipToPartner: CustomerPartnerRelationship;
  /** The tenant of the indirect reseller who brought the customer. */
  readonly associatedPartnerId: string | null;
  /** Whether the partner may administer the tenant. */
  readonly allowDelegatedAccess: boolean | null;
  /** Whether granular delegated administration is set up with the tenant; by default false. */
  readonly enableGDAPByDefault: boolean;
  /** The domains of the tenant, the initial one first. */
  readonly customDomains: readonly string[];
  /** Where in its life the customer is. */
  readonly lifecycleState: CustomerLifecycleState;
  /** How far the vetting of the company is. */
  readonly validationStatus: CustomerValidationStatus;
  /** When the vetting last changed. */
  readonly validationLastUpdatedDateTime: string | null;
  /** Why the vetting stands where it does. */
  readonly validationReason: string | null;
  /** Text values that the partner keeps with the customer. */
  readonly metadata: CustomerMetadata | null;
  /** When the customer was created. */
  readonly createdDateTime: string;
  /** When the customer was last changed. */
  readonly lastModifiedDateTime: string;
  /** When the customer was deleted. */
  readonly deletedDateTime: string | null;
}

/** What can be sent to create a customer. */
export interface CustomerCreate {
  readonly externalId?: string | null;
  readonly companyProfile: CompanyProfileCreate;
  readonly billingProfile: BillingProfileCreate;
  readonly associatedPartnerId?: string | null;
  readonly enableGDAPByDefault?: boolean;
  readonly metadata?: CustomerMetadata | null;
}

/** What can be sent to change a customer. */
export interface CustomerUpdate {
  readonly externalId?: string | null;
  readonly companyProfile?: CompanyProfileUpdate;
  readonly billingProfile?: BillingProfileUpdate;
  readonly metadata?: CustomerMetadata | null;
}

/** The wish of an application to be told of changes. */
export interface Subscription {
  readonly "@odata.etag": string;
  /** The key of the subscription. */
  readonly id: string;
  /** What is watched: customers, customerCreationOperations, or one of them, such as customers/{id}. */
  readonly resource: string;
  /** Which changes are told: created, updated and deleted, with commas between them. */
  readonly changeType: string;
  /** Where notifications are sent: a URL that begins with https. */
  readonly notificationUrl: string;
  /** Where it is told what becomes of the subscription itself. */
  readonly lifecycleNotificationUrl: string | null;
  /** When the subscription ends, unless it is renewed. */
  readonly expirationDateTime: string;
  /** A secret that every notification repeats, by which the receiver knows it. It is never shown again. */
  readonly clientState: string | null;
  /** The latest version of TLS that the receiver understands: v1_2 or v1_3. */
  readonly latestSupportedTlsVersion: string;
  /** Whether notifications carry the entity, encrypted. */
  readonly includeResourceData: boolean;
  /** The certificate (X.509, DER or PEM in base64) whose RSA key the data of entities is encrypted for. */
  readonly encryptionCertificate: string | null;
  /** What the receiver calls that certificate. */
  readonly encryptionCertificateId: string | null;
  /** A $filter that the entity must meet for its changes to be told. */
  readonly notificationQueryOptions: string | null;
  /** The media type of notifications. */
  readonly notificationContentType: string;
  /** The application that validation tokens are made out to; by default the one that subscribed. */
  readonly notificationUrlAppId: string | null;
  /** The application that subscribed. */
  readonly applicationId: string;
  /** The person or application that subscribed. */
  readonly creatorId: string;
}

/** What can be sent to create a subscription. */
export interface SubscriptionCreate {
  readonly resource: string;
  readonly changeType: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl?: string | null;
  readonly expirationDateTime: string;
  readonly clientState?: string | null;
  readonly latestSupportedTlsVersion?: string;
  readonly includeResourceData?: boolean;
  readonly encryptionCertificate?: string | null;
  readonly encryptionCertificateId?: string | null;
  readonly notificationQueryOptions?: string | null;
  readonly notificationContentType?: string;
  readonly notificationUrlAppId?: string | null;
}

/** What can be sent to change a subscription. */
export interface SubscriptionUpdate {
  readonly notificationUrl?: string;
  readonly expirationDateTime?: string;
  readonly latestSupportedTlsVersion?: string;
  readonly encryptionCertificate?: string | null;
  readonly encryptionCertificateId?: string | null;
}

/** The delivery of some notifications of a subscription in one request, however often it was tried. */
export interface NotificationDelivery {
  readonly "@odata.etag": string;
  /** The key of the delivery. */
  readonly id: string;
  /** The subscription whose notifications they are. */
  readonly subscriptionId: string;
  /** What is told: changes, what becomes of the subscription itself, or nothing, for a test. */
  readonly purpose: NotificationPurpose;
  /** What has come of it so far. */
  readonly status: NotificationDeliveryStatus;
  /** How many notifications there are in the request. */
  readonly notificationCount: number;
  /** The first of them. */
  readonly firstNotificationId: string | null;
  /** The last of them. */
  readonly lastNotificationId: string | null;
  /** How often it was tried. */
  readonly attempts: number;
  /** When it was first tried. */
  readonly firstAttemptDateTime: string;
  /** When it was last tried. */
  readonly lastAttemptDateTime: string;
  /** When it is tried next. */
  readonly nextAttemptDateTime: string | null;
  /** The HTTP status that the receiver answered last; null when it did not answer. */
  readonly statusCode: number | null;
  /** How long that took. */
  readonly latencyMilliseconds: number;
  /** Why it was not delivered. */
  readonly failure: string | null;
}

/** Something that a partner's applications and people did, or were refused. */
export interface AuditEvent {
  readonly "@odata.etag": string;
  /** The key of the event. */
  readonly id: string;
  /** When it was done. */
  readonly activityDateTime: string;
  /** What was asked for: a method, and the path with names for its keys. */
  readonly activity: string;
  /** The application or person who asked, as the token names it. */
  readonly initiatedBy: string;
  /** The client-request-id of the request. */
  readonly correlationId: string;
  /** What came of it. */
  readonly result: AuditResult;
  /** The entity that was created, changed or deleted. */
  readonly resourceLocation: string | null;
  /** The paths of the properties that got other values by it, such as 'billingProfile/email'. The values are not kept. */
  readonly changedProperties: readonly string[];
}
