-- All changes of one entity, in the order of their readers: which is the newest, and whether there was one before.
create index "changes_entity" on "changes" ("partnerId", "entityId", {{order}});
