import { type Database, everyPartner } from "./database.ts";
import { sql } from "./sql.ts";

/** A key that is kept: its public half in JSON, the private one sealed. */
export interface KeptKey {
  readonly id: string;
  readonly publicKey: string;
  readonly sealedPrivateKey: string;
}

/** Gives the key of the first slot, if it was made. */
export async function findSigningKey(database: Database): Promise<KeptKey | undefined> {
  const [row] = await database.read(
    everyPartner,
    sql`select "id", "publicKey", "sealedPrivateKey" from "signingKeys" order by "slot" limit 1`,
  );
  if (row === undefined) return undefined;
  return {
    id: String(row["id"]),
    publicKey: String(row["publicKey"]),
    sealedPrivateKey: String(row["sealedPrivateKey"]),
  };
}

/** Keeps a key in the first slot, unless another process was faster. */
export async function keepSigningKey(database: Database, key: KeptKey, now: string): Promise<void> {
  await database.write(everyPartner, [
    sql`insert into "signingKeys" ("id", "slot", "publicKey", "sealedPrivateKey", "createdDateTime")
      values (${key.id}, 1, ${key.publicKey}, ${key.sealedPrivateKey}, ${now}) on conflict do nothing`,
  ]);
}
