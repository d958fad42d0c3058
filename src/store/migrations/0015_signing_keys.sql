-- The keys that validation tokens are signed with, shared by all processes. The private half is sealed. The first row is
-- the publisher: its id is the `appid` of every token.
create table "signingKeys" (
  "id" {{text}} not null primary key,
  "slot" integer not null unique,
  "publicKey" {{text}} not null,
  "sealedPrivateKey" {{text}} not null,
  "createdDateTime" {{text}} not null
);
