-- The refresh token that came last, sealed, with the digest of the one that was set, from which it descends.
create table "refreshTokens" (
  "configuredDigest" {{text}} not null primary key,
  "sealedToken" {{text}} not null,
  "updatedDateTime" {{text}} not null
);
