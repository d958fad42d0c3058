create table "customerCreationOperations" (
  "partnerId" {{text}} not null,
  "id" {{text}} not null,
  "domain" {{text}} not null,
  "status" {{text}} not null,
  "stage" {{text}} not null,
  "percentComplete" integer not null,
  "resourceLocation" {{text}},
  "error" {{text}},
  "isRetryable" boolean,
  "attempts" integer not null,
  "history" {{text}} not null,
  "externalId" {{text}},
  "requestedBy" {{text}} not null,
  "correlationId" {{text}} not null,
  "createdDateTime" {{text}} not null,
  "lastActionDateTime" {{text}} not null,
  "expirationDateTime" {{text}},
  "version" {{text}} not null,
  "deletedDateTime" {{text}},
  "customerId" {{text}},
  "provisionedCustomerId" {{text}},
  "bodyDigest" {{text}},
  "work" {{text}},
  "dueDateTime" {{text}},
  "leaseOwner" {{text}},
  "leaseExpirationDateTime" {{text}},
  primary key ("partnerId", "id")
);

create table "customers" (
  "partnerId" {{text}} not null,
  "id" {{text}} not null,
  "tenantId" {{text}},
  "externalId" {{text}},
  "companyProfile_domain" {{text}} not null,
  "companyProfile_companyName" {{text}},
  "companyProfile_organizationRegistrationNumber" {{text}},
  "billingProfile_id" {{text}} not null,
  "billingProfile_firstName" {{text}},
  "billingProfile_lastName" {{text}},
  "billingProfile_email" {{text}},
  "billingProfile_culture" {{text}},
  "billingProfile_language" {{text}},
  "billingProfile_companyName" {{text}},
  "billingProfile_defaultAddress_country" {{text}},
  "billingProfile_defaultAddress_addressLine1" {{text}},
  "billingProfile_defaultAddress_addressLine2" {{text}},
  "billingProfile_defaultAddress_addressLine3" {{text}},
  "billingProfile_defaultAddress_city" {{text}},
  "billingProfile_defaultAddress_state" {{text}},
  "billingProfile_defaultAddress_region" {{text}},
  "billingProfile_defaultAddress_district" {{text}},
  "billingProfile_defaultAddress_postalCode" {{text}},
  "billingProfile_defaultAddress_firstName" {{text}},
  "billingProfile_defaultAddress_middleName" {{text}},
  "billingProfile_defaultAddress_lastName" {{text}},
  "billingProfile_defaultAddress_phoneNumber" {{text}},
  "relationshipToPartner" {{text}} not null,
  "associatedPartnerId" {{text}},
  "allowDelegatedAccess" boolean,
  "enableGDAPByDefault" boolean not null,
  "customDomains" {{text}} not null,
  "lifecycleState" {{text}} not null,
  "validationStatus" {{text}} not null,
  "validationLastUpdatedDateTime" {{text}},
  "validationReason" {{text}},
  "metadata" {{text}},
  "createdDateTime" {{text}} not null,
  "lastModifiedDateTime" {{text}} not null,
  "deletedDateTime" {{text}},
  "version" {{text}} not null,
  primary key ("partnerId", "id")
);

-- Two customers of a partner never share an external identifier, but a deleted one gives its own back.
create unique index "customers_externalId" on "customers" ("partnerId", "externalId")
  where "externalId" is not null and "deletedDateTime" is null;

-- What the work loop has to do, soonest first: the one index that is not a partner's.
create index "customerCreationOperations_due" on "customerCreationOperations" ("dueDateTime")
  where "work" is not null;

-- Which operation made a customer.
create index "customerCreationOperations_customer" on "customerCreationOperations" ("partnerId", "provisionedCustomerId")
  where "provisionedCustomerId" is not null;

-- Who holds a domain, across all partners. It says nothing of whose it is: the operation alone knows its partner.
-- A reservation has an expiration; a domain in use has none.
create table "domains" (
  "domain" {{text}} not null primary key,
  "operationId" {{text}} not null,
  "expirationDateTime" {{text}}
);

-- One line for each thing that happened, written in the transaction in which it did. On PostgreSQL two transactions can
-- commit in the other order of their positions: readers stop below the oldest transaction that still runs.
create table "changes" (
  "position" {{position}},
  {{transaction}}
  "partnerId" {{text}} not null,
  "entitySet" {{text}} not null,
  "entityId" {{text}} not null,
  "changeType" {{text}} not null,
  "changeDateTime" {{text}} not null,
  "correlationId" {{text}} not null
);

create index "changes_partner" on "changes" ("partnerId", "position");

-- The directory of the local provisioner: what each stage of an operation made.
create table "localDirectory" (
  "partnerId" {{text}} not null,
  "operationId" {{text}} not null,
  "stage" {{text}} not null,
  "result" {{text}} not null,
  "callId" {{text}} not null,
  primary key ("partnerId", "operationId", "stage")
);

-- Every call that the local provisioner answered, in order: what it made, found made already, or undid.
create table "localLedger" (
  "position" {{position}},
  "partnerId" {{text}} not null,
  "operationId" {{text}} not null,
  "stage" {{text}} not null,
  "outcome" {{text}} not null,
  "callDateTime" {{text}} not null
);

create index "localLedger_operation" on "localLedger" ("partnerId", "operationId");
