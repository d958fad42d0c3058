-- The trace of the request that asked for the work, so that the work goes on in it.
alter table "customerCreationOperations" add column "traceParent" {{text}};
