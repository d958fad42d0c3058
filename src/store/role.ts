import { type Database, everyPartner } from "./database.ts";
import { sql } from "./sql.ts";

/** Gives the name of the role that the database is used as, if row-level security does not hold for it. */
export async function findUnboundRole(database: Database): Promise<string | undefined> {
  if (database.dialect.engine === "sqlite") return undefined;
  const [row] = await database.read(
    everyPartner,
    sql`select "rolname" from pg_roles where "rolname" = current_user and ("rolsuper" or "rolbypassrls")`,
  );
  return row === undefined ? undefined : String(row["rolname"]);
}
