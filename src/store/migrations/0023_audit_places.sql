-- Which properties an update has changed, as a list of paths; and what was done to one entity, in the order in which it
-- is listed: without the id SQLite reads all events of the partner in that order instead.
alter table "auditEvents" add column "changedProperties" {{text}} not null default '[]';

create index "auditEvents_place" on "auditEvents" ("partnerId", "resourceLocation", "id");
