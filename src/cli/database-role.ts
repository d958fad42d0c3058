import type { Context } from "../onboarding/offer.ts";
import { findUnboundRole } from "../store/role.ts";
import type { Configuration } from "./config.ts";
import { ConfigurationError } from "./setting.ts";

/**
 * Refuses a role of PostgreSQL for which row-level security does not hold: the second wall between partners would not
 * stand. Development mode only warns, as there is one partner then, and images of PostgreSQL come with a superuser.
 */
export async function assertOrdinaryRole(
  { database, log }: Pick<Context, "database" | "log">,
  { development }: Pick<Configuration, "development">,
): Promise<void> {
  const role = await findUnboundRole(database);
  if (role === undefined) return;
  const message =
    `The role '${role}' of --database-url is a superuser or has BYPASSRLS, so that row-level security does not hold for it. ` +
    "Use an ordinary role: docs/postgresql.md shows how to make one.";
  if (!development) throw new ConfigurationError(message);
  log.warn({ role }, message);
}
