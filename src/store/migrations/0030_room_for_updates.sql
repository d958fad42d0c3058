-- The key goes with them: else what has a key might be looked for among all that are open or not deleted, when to
-- PostgreSQL these seem few.
drop index "customerCreationOperations_open";

create index "customerCreationOperations_open" on "customerCreationOperations" ("partnerId", "id")
  where "status" in ('notStarted', 'running');

drop index "customers_held";

create index "customers_held" on "customers" ("partnerId", "id") where "deletedDateTime" is null;
