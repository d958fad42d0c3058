-- What counts against the quotas of a partner.
create index "customers_held" on "customers" ("partnerId") where "deletedDateTime" is null;

create index "customerCreationOperations_open" on "customerCreationOperations" ("partnerId")
  where "status" in ('notStarted', 'running');
