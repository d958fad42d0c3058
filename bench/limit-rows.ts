/** A value that can be bound to a statement. */
export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** The partner whose rows these are: there is only one. */
export const partnerId = "5b1c2d3e-4f50-4a61-8b72-9c83ad94be05";

interface NewAddress {
  readonly country?: string;
  readonly addressLine1?: string;
  readonly city?: string;
  readonly state?: string;
  readonly postalCode?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phoneNumber?: string;
}

/** The body of the seed call, taken as it comes. */
export interface NewCustomer {
  readonly externalId?: string;
  readonly companyProfile: { readonly domain: string; readonly companyName?: string };
  readonly billingProfile: {
    readonly firstName?: string;
    readonly lastName?: string;
    readonly email?: string;
    readonly culture?: string;
    readonly language?: string;
    readonly companyName?: string;
    readonly defaultAddress?: NewAddress;
  };
}

/** Makes the row of a new operation. */
export function operationRow(given: { id: string; domain: string; version: string }, instant: Date) {
  const now = instant.toISOString();
  const expirationDateTime = new Date(instant.getTime() + 86_400_000).toISOString();
  return {
    partnerId,
    ...given,
    status: "notStarted",
    stage: "domainReserved",
    percentComplete: 0,
    resourceLocation: null,
    error: null,
    isRetryable: null,
    attempts: 0,
    history: JSON.stringify([{ status: "notStarted", stage: "domainReserved", transitionDateTime: now }]),
    externalId: null,
    requestedBy: "tenantry-development",
    correlationId: given.version,
    createdDateTime: now,
    lastActionDateTime: now,
    expirationDateTime,
    deletedDateTime: null,
    customerId: null,
    provisionedCustomerId: null,
    bodyDigest: null,
    work: "expire",
    dueDateTime: expirationDateTime,
    leaseOwner: null,
    leaseExpirationDateTime: null,
  };
}

/** Makes the row of an operation whose customer came with it. */
export function startedRow(opened: ReturnType<typeof operationRow>, customerId: string, now: string) {
  const step = { status: "running", stage: "validating", transitionDateTime: now };
  return {
    ...opened,
    status: step.status,
    stage: step.stage,
    percentComplete: 5,
    history: JSON.stringify([...JSON.parse(opened.history), step]),
    expirationDateTime: null,
    customerId,
    provisionedCustomerId: customerId,
    work: "provision",
    dueDateTime: now,
  };
}

/** Makes the row that says who did what. */
export function auditRow(given: { id: string; activity: string; place: string }, now: string) {
  return {
    partnerId,
    id: given.id,
    activityDateTime: now,
    activity: given.activity,
    initiatedBy: "tenantry-development",
    correlationId: given.id,
    result: "success",
    resourceLocation: given.place,
    deletedDateTime: null,
    version: given.id,
  };
}

/** Makes the row of a new customer. */
export function customerRow(
  { externalId, companyProfile, billingProfile }: NewCustomer,
  ids: { id: string; billingProfileId: string; version: string },
  now: string,
) {
  return {
    partnerId,
    id: ids.id,
    tenantId: null,
    externalId: externalId ?? null,
    companyProfile_domain: companyProfile.domain,
    companyProfile_companyName: companyProfile.companyName ?? null,
    companyProfile_organizationRegistrationNumber: null,
    billingProfile_id: ids.billingProfileId,
    billingProfile_firstName: billingProfile.firstName ?? null,
    billingProfile_lastName: billingProfile.lastName ?? null,
    billingProfile_email: billingProfile.email ?? null,
    billingProfile_culture: billingProfile.culture ?? null,
    billingProfile_language: billingProfile.language ?? null,
    billingProfile_companyName: billingProfile.companyName ?? null,
    ...addressColumns(billingProfile.defaultAddress ?? {}),
    relationshipToPartner: "none",
    associatedPartnerId: null,
    allowDelegatedAccess: null,
    enableGDAPByDefault: false,
    customDomains: JSON.stringify([companyProfile.domain]),
    lifecycleState: "provisioning",
    validationStatus: "unknown",
    validationLastUpdatedDateTime: null,
    validationReason: null,
    metadata: null,
    createdDateTime: now,
    lastModifiedDateTime: now,
    deletedDateTime: null,
    version: ids.version,
  };
}

function addressColumns(address: NewAddress) {
  return {
    billingProfile_defaultAddress_country: address.country ?? null,
    billingProfile_defaultAddress_addressLine1: address.addressLine1 ?? null,
    billingProfile_defaultAddress_addressLine2: null,
    billingProfile_defaultAddress_addressLine3: null,
    billingProfile_defaultAddress_city: address.city ?? null,
    billingProfile_defaultAddress_state: address.state ?? null,
    billingProfile_defaultAddress_region: null,
    billingProfile_defaultAddress_district: null,
    billingProfile_defaultAddress_postalCode: address.postalCode ?? null,
    billingProfile_defaultAddress_firstName: address.firstName ?? null,
    billingProfile_defaultAddress_middleName: null,
    billingProfile_defaultAddress_lastName: address.lastName ?? null,
    billingProfile_defaultAddress_phoneNumber: address.phoneNumber ?? null,
  };
}

/** Gives an operation in the shape of its answer. */
export function printOperation(row: ReturnType<typeof operationRow>, root: string) {
  return {
    "@odata.context": `${root}/$metadata#customerCreationOperations/$entity`,
    "@odata.etag": `W/"${row.version}"`,
    id: row.id,
    domain: row.domain,
    status: row.status,
    stage: row.stage,
    percentComplete: row.percentComplete,
    resourceLocation: null,
    error: null,
    isRetryable: null,
    attempts: row.attempts,
    history: JSON.parse(row.history),
    externalId: null,
    requestedBy: row.requestedBy,
    correlationId: row.correlationId,
    createdDateTime: row.createdDateTime,
    lastActionDateTime: row.lastActionDateTime,
    expirationDateTime: row.expirationDateTime,
  };
}

/** Gives what a page shows of a customer. */
export function printSelected(row: Row) {
  return {
    ...entityTag(row),
    id: row["id"],
    externalId: row["externalId"],
    companyProfile: { domain: row["companyProfile_domain"], companyName: row["companyProfile_companyName"] },
    lifecycleState: row["lifecycleState"],
    createdDateTime: row["createdDateTime"],
  };
}

/** Gives a customer in the shape of its answer. */
export function printCustomer(row: Row, root: string) {
  return { "@odata.context": `${root}/$metadata#customers/$entity`, ...entityTag(row), ...customerProperties(row) };
}

export function entityTag(row: Row) {
  return { "@odata.etag": `W/"${row["version"]}"` };
}

/** Gives the properties of a customer as they are shown. */
export function customerProperties(row: Row) {
  const address = printAddress(row);
  return {
    id: row["id"],
    tenantId: row["tenantId"],
    externalId: row["externalId"],
    companyProfile: {
      domain: row["companyProfile_domain"],
      companyName: row["companyProfile_companyName"],
      organizationRegistrationNumber: row["companyProfile_organizationRegistrationNumber"],
      tenantId: row["tenantId"],
      email: row["billingProfile_email"],
      address,
    },
    billingProfile: {
      id: row["billingProfile_id"],
      firstName: row["billingProfile_firstName"],
      lastName: row["billingProfile_lastName"],
      email: row["billingProfile_email"],
      culture: row["billingProfile_culture"],
      language: row["billingProfile_language"],
      companyName: row["billingProfile_companyName"],
      defaultAddress: address,
    },
    relationshipToPartner: row["relationshipToPartner"],
    associatedPartnerId: row["associatedPartnerId"],
    allowDelegatedAccess: row["allowDelegatedAccess"] === null ? null : Boolean(row["allowDelegatedAccess"]),
    enableGDAPByDefault: Boolean(row["enableGDAPByDefault"]),
    customDomains: JSON.parse(String(row["customDomains"])),
    lifecycleState: row["lifecycleState"],
    validationStatus: row["validationStatus"],
    validationLastUpdatedDateTime: row["validationLastUpdatedDateTime"],
    validationReason: row["validationReason"],
    metadata: row["metadata"],
    createdDateTime: row["createdDateTime"],
    lastModifiedDateTime: row["lastModifiedDateTime"],
    deletedDateTime: row["deletedDateTime"],
  };
}

function printAddress(row: Row) {
  return {
    country: row["billingProfile_defaultAddress_country"],
    addressLine1: row["billingProfile_defaultAddress_addressLine1"],
    addressLine2: row["billingProfile_defaultAddress_addressLine2"],
    addressLine3: row["billingProfile_defaultAddress_addressLine3"],
    city: row["billingProfile_defaultAddress_city"],
    state: row["billingProfile_defaultAddress_state"],
    region: row["billingProfile_defaultAddress_region"],
    district: row["billingProfile_defaultAddress_district"],
    postalCode: row["billingProfile_defaultAddress_postalCode"],
    firstName: row["billingProfile_defaultAddress_firstName"],
    middleName: row["billingProfile_defaultAddress_middleName"],
    lastName: row["billingProfile_defaultAddress_lastName"],
    phoneNumber: row["billingProfile_defaultAddress_phoneNumber"],
  };
}
