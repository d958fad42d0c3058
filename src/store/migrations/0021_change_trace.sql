-- The trace of whoever made a change, so that the notifications of it go on in it.
alter table "changes" add column "traceParent" {{text}};
