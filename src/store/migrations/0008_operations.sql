-- How often the stages of an operation were to be undone: counted before each attempt, so that it has an end.
alter table "customerCreationOperations" add column "undoAttempts" integer not null default 0;

-- The credentials of a new tenant, sealed: who reads the table alone learns nothing. Claimed ones leave an empty line.
create table "credentials" (
  "partnerId" {{text}} not null,
  "operationId" {{text}} not null,
  "sealed" {{text}},
  "issuedDateTime" {{text}} not null,
  "claimedDateTime" {{text}},
  primary key ("partnerId", "operationId")
);

-- What is deleted, longest first, for the work loop: whose it is does not matter then.
create index "customers_deleted" on "customers" ("deletedDateTime") where "deletedDateTime" is not null;
create index "customerCreationOperations_deleted" on "customerCreationOperations" ("deletedDateTime")
  where "deletedDateTime" is not null;
