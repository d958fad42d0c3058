import type { TestProject } from "vitest/node";
import { buildPortal } from "../../scripts/build-portal.ts";
import { buildDocs } from "../../scripts/docs-site/build.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import { createDatabase, partitionTables, startPostgres } from "./postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The PostgreSQL server of the test run, and the migrated database that each test file copies. */
    postgres: { readonly url: string; readonly template: string };
  }
}

/**
 * Starts one PostgreSQL server for the whole run, prepares the database that the tests copy, in as many partitions as
 * TENANTRY_TEST_PARTITIONS says, and builds the portal and the documentation if they are not as their sources: here, as
 * the files of tests would build it at the same time.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildPortal();
  buildDocs();
  const server = await startPostgres();
  const template = await createDatabase(server.url);
  const database = openPostgres(template.url);
  await migrate(database, new Date().toISOString());
  await database.close();
  const { TENANTRY_TEST_PARTITIONS: partitions = "" } = process.env;
  if (partitions !== "") await partitionTables(template.url, Number(partitions));
  project.provide("postgres", { url: server.url, template: template.name });
  return async () => {
    await template.drop();
    await server.stop();
  };
}
