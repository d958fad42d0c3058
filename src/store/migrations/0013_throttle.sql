-- How many requests each partner was granted in its present minute, by all processes together.
create {{unlogged}} table "throttle" (
  "partnerId" {{text}} not null primary key,
  "window" bigint not null,
  "granted" bigint not null
);
