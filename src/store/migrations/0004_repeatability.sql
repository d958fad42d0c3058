-- Which writing requests have taken effect, so that a repetition is answered and not carried out again. The record is
-- inserted in the transaction of the change; status, headers and body are the answer, put in right after it.
create table "repeatability" (
  "partnerId" {{text}} not null,
  "requestId" {{text}} not null,
  "digest" {{text}} not null,
  "recordedDateTime" {{text}} not null,
  "made" {{text}},
  "changeType" {{text}},
  "operationId" {{text}},
  "status" integer,
  "headers" {{text}},
  "body" {{text}},
  primary key ("partnerId", "requestId")
);

-- What is past its time, oldest first, for the work loop: whose it is does not matter then.
create index "repeatability_recorded" on "repeatability" ("recordedDateTime");
