CREATE TABLE "auditEvents" (
  "partnerId" text not null,
  "id" text not null,
  "activityDateTime" text not null,
  "activity" text not null,
  "initiatedBy" text not null,
  "correlationId" text not null,
  "result" text not null,
  "resourceLocation" text,
  "deletedDateTime" text,
  "version" text not null, "changedProperties" text not null default '[]',
  primary key ("partnerId", "id")
);

CREATE INDEX "auditEvents_past" on "auditEvents" ("activityDateTime");

CREATE INDEX "auditEvents_place" on "auditEvents" ("partnerId", "resourceLocation", "id");

CREATE INDEX "auditEvents_when" on "auditEvents" ("partnerId", "activityDateTime");

CREATE TABLE "changes" (
  "position" integer primary key autoincrement,
  
  "partnerId" text not null,
  "entitySet" text not null,
  "entityId" text not null,
  "changeType" text not null,
  "changeDateTime" text not null,
  "correlationId" text not null
, "traceParent" text);

CREATE INDEX "changes_entity" on "changes" ("partnerId", "entityId", "position");

CREATE INDEX "changes_partner" on "changes" ("partnerId", "position");

CREATE TABLE "credentials" (
  "partnerId" text not null,
  "operationId" text not null,
  "sealed" text,
  "issuedDateTime" text not null,
  "claimedDateTime" text,
  primary key ("partnerId", "operationId")
);

CREATE TABLE "customerCreationOperations" (
  "partnerId" text not null,
  "id" text not null,
  "domain" text not null,
  "status" text not null,
  "stage" text not null,
  "percentComplete" integer not null,
  "resourceLocation" text,
  "error" text,
  "isRetryable" boolean,
  "attempts" integer not null,
  "history" text not null,
  "externalId" text,
  "requestedBy" text not null,
  "correlationId" text not null,
  "createdDateTime" text not null,
  "lastActionDateTime" text not null,
  "expirationDateTime" text,
  "version" text not null,
  "deletedDateTime" text,
  "customerId" text,
  "provisionedCustomerId" text,
  "bodyDigest" text,
  "work" text,
  "dueDateTime" text,
  "leaseOwner" text,
  "leaseExpirationDateTime" text, "undoAttempts" integer not null default 0, "traceParent" text,
  primary key ("partnerId", "id")
);

CREATE INDEX "customerCreationOperations_customer" on "customerCreationOperations" ("partnerId", "provisionedCustomerId")
  where "provisionedCustomerId" is not null;

CREATE INDEX "customerCreationOperations_deleted" on "customerCreationOperations" ("deletedDateTime")
  where "deletedDateTime" is not null;

CREATE INDEX "customerCreationOperations_due" on "customerCreationOperations" ("dueDateTime")
  where "work" is not null;

CREATE INDEX "customerCreationOperations_open" on "customerCreationOperations" ("partnerId", "id")
  where "status" in ('notStarted', 'running');

CREATE TABLE "customers" (
  "partnerId" text not null,
  "id" text not null,
  "tenantId" text,
  "externalId" text,
  "companyProfile_domain" text not null,
  "companyProfile_companyName" text,
  "companyProfile_organizationRegistrationNumber" text,
  "billingProfile_id" text not null,
  "billingProfile_firstName" text,
  "billingProfile_lastName" text,
  "billingProfile_email" text,
  "billingProfile_culture" text,
  "billingProfile_language" text,
  "billingProfile_companyName" text,
  "billingProfile_defaultAddress_country" text,
  "billingProfile_defaultAddress_addressLine1" text,
  "billingProfile_defaultAddress_addressLine2" text,
  "billingProfile_defaultAddress_addressLine3" text,
  "billingProfile_defaultAddress_city" text,
  "billingProfile_defaultAddress_state" text,
  "billingProfile_defaultAddress_region" text,
  "billingProfile_defaultAddress_district" text,
  "billingProfile_defaultAddress_postalCode" text,
  "billingProfile_defaultAddress_firstName" text,
  "billingProfile_defaultAddress_middleName" text,
  "billingProfile_defaultAddress_lastName" text,
  "billingProfile_defaultAddress_phoneNumber" text,
  "relationshipToPartner" text not null,
  "associatedPartnerId" text,
  "allowDelegatedAccess" boolean,
  "enableGDAPByDefault" boolean not null,
  "customDomains" text not null,
  "lifecycleState" text not null,
  "validationStatus" text not null,
  "validationLastUpdatedDateTime" text,
  "validationReason" text,
  "metadata" text,
  "createdDateTime" text not null,
  "lastModifiedDateTime" text not null,
  "deletedDateTime" text,
  "version" text not null,
  primary key ("partnerId", "id")
);

CREATE INDEX "customers_companyName" on "customers" ("partnerId", "companyProfile_companyName", "id")
  where "deletedDateTime" is null;

CREATE INDEX "customers_country" on "customers" ("partnerId", "billingProfile_defaultAddress_country", "id")
  where "deletedDateTime" is null;

CREATE INDEX "customers_created" on "customers" ("partnerId", "createdDateTime", "id")
  where "deletedDateTime" is null;

CREATE INDEX "customers_deleted" on "customers" ("deletedDateTime") where "deletedDateTime" is not null;

CREATE INDEX "customers_domain" on "customers" ("partnerId", "companyProfile_domain", "id")
  where "deletedDateTime" is null;

CREATE INDEX "customers_email" on "customers" ("partnerId", "billingProfile_email", "id")
  where "deletedDateTime" is null;

CREATE UNIQUE INDEX "customers_externalId" on "customers" ("partnerId", "externalId")
  where "externalId" is not null and "deletedDateTime" is null;

CREATE INDEX "customers_externalId_order" on "customers" ("partnerId", "externalId", "id")
  where "deletedDateTime" is null;

CREATE TABLE "domains" (
  "domain" text not null primary key,
  "operationId" text not null,
  "expirationDateTime" text
);

CREATE TABLE "localDirectory" (
  "partnerId" text not null,
  "operationId" text not null,
  "stage" text not null,
  "result" text not null,
  "callId" text not null,
  primary key ("partnerId", "operationId", "stage")
);

CREATE TABLE "localLedger" (
  "position" integer primary key autoincrement,
  "partnerId" text not null,
  "operationId" text not null,
  "stage" text not null,
  "outcome" text not null,
  "callDateTime" text not null
);

CREATE INDEX "localLedger_operation" on "localLedger" ("partnerId", "operationId");

CREATE TABLE "migrations" ("number" integer not null primary key, "name" text not null, "digest" text not null, "appliedDateTime" text not null);

CREATE TABLE "notificationDeliveries" (
  "partnerId" text not null,
  "id" text not null,
  "subscriptionId" text not null,
  "purpose" text not null,
  "status" text not null,
  "notificationCount" integer not null,
  "firstNotificationId" text,
  "lastNotificationId" text,
  "attempts" integer not null,
  "firstAttemptDateTime" text not null,
  "lastAttemptDateTime" text not null,
  "nextAttemptDateTime" text,
  "statusCode" integer,
  "latencyMilliseconds" integer not null,
  "failure" text,
  "version" text not null,
  "deletedDateTime" text,
  primary key ("partnerId", "id")
);

CREATE INDEX "notificationDeliveries_old" on "notificationDeliveries" ("lastAttemptDateTime");

CREATE INDEX "notificationDeliveries_subscription" on "notificationDeliveries" ("partnerId", "subscriptionId", "id");

CREATE TABLE "notificationLanes" (
  "partnerId" text not null,
  "subscriptionId" text not null,
  "lane" text not null,
  "transactionId" text not null,
  "position" text not null,
  "pending" text not null,
  "dueDateTime" text not null,
  "failingSinceDateTime" text,
  "attempts" integer not null,
  "deliveryId" text,
  "windowDateTime" text,
  "windowRequests" integer not null,
  "windowSlow" integer not null,
  "leaseOwner" text,
  "leaseExpirationDateTime" text,
  primary key ("partnerId", "subscriptionId", "lane")
);

CREATE INDEX "notificationLanes_due" on "notificationLanes" ("dueDateTime");

CREATE TABLE "provisionerCalls" (
  "partnerId" text not null,
  "operationId" text not null,
  "stage" text not null,
  "requestId" text not null,
  "outcome" text not null,
  "place" text,
  "callDateTime" text not null,
  primary key ("partnerId", "operationId", "stage")
);

CREATE TABLE "refreshTokens" (
  "configuredDigest" text not null primary key,
  "sealedToken" text not null,
  "updatedDateTime" text not null
);

CREATE TABLE "repeatability" (
  "partnerId" text not null,
  "requestId" text not null,
  "digest" text not null,
  "recordedDateTime" text not null,
  "made" text,
  "changeType" text,
  "operationId" text,
  "status" integer,
  "headers" text,
  "body" text,
  primary key ("partnerId", "requestId")
);

CREATE INDEX "repeatability_recorded" on "repeatability" ("recordedDateTime");

CREATE TABLE "signingKeys" (
  "id" text not null primary key,
  "slot" integer not null unique,
  "publicKey" text not null,
  "sealedPrivateKey" text not null,
  "createdDateTime" text not null
);

CREATE TABLE "subscriptions" (
  "partnerId" text not null,
  "id" text not null,
  "resource" text not null,
  "changeType" text not null,
  "notificationUrl" text not null,
  "lifecycleNotificationUrl" text,
  "expirationDateTime" text not null,
  "clientState" text,
  "latestSupportedTlsVersion" text not null,
  "includeResourceData" boolean not null,
  "encryptionCertificate" text,
  "encryptionCertificateId" text,
  "notificationQueryOptions" text,
  "notificationContentType" text not null,
  "notificationUrlAppId" text,
  "applicationId" text not null,
  "creatorId" text not null,
  "version" text not null,
  "createdDateTime" text not null,
  "deletedDateTime" text,
  "sealedClientState" text,
  primary key ("partnerId", "id")
);

CREATE INDEX "subscriptions_deleted" on "subscriptions" ("deletedDateTime") where "deletedDateTime" is not null;

CREATE TABLE "throttle" (
  "partnerId" text not null primary key,
  "window" bigint not null,
  "granted" bigint not null
);
