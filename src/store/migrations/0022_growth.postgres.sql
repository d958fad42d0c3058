-- Provisioning changes a new row several times within moments. With room on its page none of the indexes need be told,
-- as long as no column of theirs changes (PostgreSQL: heap-only tuples).
alter table "customers" set (fillfactor = 70);
alter table "customerCreationOperations" set (fillfactor = 50);
