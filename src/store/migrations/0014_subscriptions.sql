create table "subscriptions" (
  "partnerId" {{text}} not null,
  "id" {{text}} not null,
  "resource" {{text}} not null,
  "changeType" {{text}} not null,
  "notificationUrl" {{text}} not null,
  "lifecycleNotificationUrl" {{text}},
  "expirationDateTime" {{text}} not null,
  "clientState" {{text}},
  "latestSupportedTlsVersion" {{text}} not null,
  "includeResourceData" boolean not null,
  "encryptionCertificate" {{text}},
  "encryptionCertificateId" {{text}},
  "notificationQueryOptions" {{text}},
  "notificationContentType" {{text}} not null,
  "notificationUrlAppId" {{text}},
  "applicationId" {{text}} not null,
  "creatorId" {{text}} not null,
  "version" {{text}} not null,
  "createdDateTime" {{text}} not null,
  "deletedDateTime" {{text}},
  "sealedClientState" {{text}},
  primary key ("partnerId", "id")
);

create index "subscriptions_deleted" on "subscriptions" ("deletedDateTime") where "deletedDateTime" is not null;

-- What is told to a subscription, in two lanes that do not wait for each other: changes, and what becomes of the
-- subscription itself. A lane is sent down by one worker at a time, which holds its lease. `transactionId` and `position`
-- are the place in the log up to which all changes were told; `pending` are the events of the lifecycle, with commas.
create table "notificationLanes" (
  "partnerId" {{text}} not null,
  "subscriptionId" {{text}} not null,
  "lane" {{text}} not null,
  "transactionId" {{text}} not null,
  "position" {{text}} not null,
  "pending" {{text}} not null,
  "dueDateTime" {{text}} not null,
  "failingSinceDateTime" {{text}},
  "attempts" integer not null,
  "deliveryId" {{text}},
  "windowDateTime" {{text}},
  "windowRequests" integer not null,
  "windowSlow" integer not null,
  "leaseOwner" {{text}},
  "leaseExpirationDateTime" {{text}},
  primary key ("partnerId", "subscriptionId", "lane")
);

create index "notificationLanes_due" on "notificationLanes" ("dueDateTime");

create table "notificationDeliveries" (
  "partnerId" {{text}} not null,
  "id" {{text}} not null,
  "subscriptionId" {{text}} not null,
  "purpose" {{text}} not null,
  "status" {{text}} not null,
  "notificationCount" integer not null,
  "firstNotificationId" {{text}},
  "lastNotificationId" {{text}},
  "attempts" integer not null,
  "firstAttemptDateTime" {{text}} not null,
  "lastAttemptDateTime" {{text}} not null,
  "nextAttemptDateTime" {{text}},
  "statusCode" integer,
  "latencyMilliseconds" integer not null,
  "failure" {{text}},
  "version" {{text}} not null,
  "deletedDateTime" {{text}},
  primary key ("partnerId", "id")
);

create index "notificationDeliveries_subscription" on "notificationDeliveries" ("partnerId", "subscriptionId", "id");
create index "notificationDeliveries_old" on "notificationDeliveries" ("lastAttemptDateTime");
