import { type Database, everyPartner } from "./database.ts";
import { sql } from "./sql.ts";

/** Gives the sealed token that came last of those that descend from the one with a digest. */
export async function findRefreshToken(database: Database, configuredDigest: string): Promise<string | undefined> {
  const [row] = await database.read(
    everyPartner,
    sql`select "sealedToken" from "refreshTokens" where "configuredDigest" = ${configuredDigest}`,
  );
  return row === undefined ? undefined : String(row["sealedToken"]);
}

/** Keeps a token in place of the one before, and nothing of one that was set before. */
export async function keepRefreshToken(
  database: Database,
  { configuredDigest, sealedToken }: { readonly configuredDigest: string; readonly sealedToken: string },
  now: string,
): Promise<void> {
  await database.write(everyPartner, [
    sql`delete from "refreshTokens" where "configuredDigest" <> ${configuredDigest}`,
    sql`insert into "refreshTokens" ("configuredDigest", "sealedToken", "updatedDateTime")
      values (${configuredDigest}, ${sealedToken}, ${now}) on conflict ("configuredDigest")
      do update set "sealedToken" = excluded."sealedToken", "updatedDateTime" = excluded."updatedDateTime"`,
  ]);
}
