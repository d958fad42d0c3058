-- Each step of an operation changes its row and that of its customer. A row that changes within its page leaves the
-- indexes alone (PostgreSQL documentation, 73.7): there must be room in it.
alter table "customerCreationOperations" set (fillfactor = 50);

alter table "customers" set (fillfactor = 75);
