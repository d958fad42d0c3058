-- What customers are looked for and put in order by: each a range of one index, read forwards or backwards. Every index
-- makes adding a customer dearer, and more so one of a column that provisioning changes, so that there are only these
-- (docs/decisions/0160). What is deleted is in none of them. Any of them tells how many customers a partner has.
create index "customers_companyName" on "customers" ("partnerId", "companyProfile_companyName"{{lowest}}, "id")
  where "deletedDateTime" is null;

create index "customers_domain" on "customers" ("partnerId", "companyProfile_domain"{{lowest}}, "id")
  where "deletedDateTime" is null;

create index "customers_email" on "customers" ("partnerId", "billingProfile_email"{{lowest}}, "id")
  where "deletedDateTime" is null;

create index "customers_country" on "customers" ("partnerId", "billingProfile_defaultAddress_country"{{lowest}}, "id")
  where "deletedDateTime" is null;

create index "customers_created" on "customers" ("partnerId", "createdDateTime"{{lowest}}, "id")
  where "deletedDateTime" is null;

-- Beside the unique one of 0001, which holds no null and not the id.
create index "customers_externalId_order" on "customers" ("partnerId", "externalId"{{lowest}}, "id")
  where "deletedDateTime" is null;

drop index "customers_held";

-- The key goes with it: else the operation of a key might be looked for among all that are open, when to PostgreSQL these
-- seem few.
drop index "customerCreationOperations_open";

create index "customerCreationOperations_open" on "customerCreationOperations" ("partnerId", "id")
  where "status" in ('notStarted', 'running');
