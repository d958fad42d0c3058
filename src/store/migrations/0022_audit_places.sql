-- Which properties an update has changed, as a list of paths, and what was done to one entity.
alter table "auditEvents" add column "changedProperties" {{text}} not null default '[]';

create index "auditEvents_place" on "auditEvents" ("partnerId", "resourceLocation");
