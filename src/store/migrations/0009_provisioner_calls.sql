-- What was asked of a provisioner outside, by operation and stage: it tells, after a crash or a lost answer, whether the
-- other side may have begun. `requestId` stays the same until there was an answer; `place` is where a stage that takes
-- its time can be asked for.
create table "provisionerCalls" (
  "partnerId" {{text}} not null,
  "operationId" {{text}} not null,
  "stage" {{text}} not null,
  "requestId" {{text}} not null,
  "outcome" {{text}} not null,
  "place" {{text}},
  "callDateTime" {{text}} not null,
  primary key ("partnerId", "operationId", "stage")
);
