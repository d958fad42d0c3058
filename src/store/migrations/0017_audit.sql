-- Who did what, when, and what came of it; written in the transaction of what was done, and never changed.
create table "auditEvents" (
  "partnerId" {{text}} not null,
  "id" {{text}} not null,
  "activityDateTime" {{text}} not null,
  "activity" {{text}} not null,
  "initiatedBy" {{text}} not null,
  "correlationId" {{text}} not null,
  "result" {{text}} not null,
  "resourceLocation" {{text}},
  "deletedDateTime" {{text}},
  "version" {{text}} not null,
  primary key ("partnerId", "id")
);

-- What happened in a span of time, and, across all partners, what is past its time.
create index "auditEvents_when" on "auditEvents" ("partnerId", "activityDateTime");

create index "auditEvents_past" on "auditEvents" ("activityDateTime");
