import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printMetadata } from "../src/odata/metadata.ts";
import { printOpenApi } from "../src/odata/openapi.ts";
import { describeOffers } from "../src/onboarding/offers.ts";
import { everyPartner } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";
import { raw } from "../src/store/sql.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { printClientTypes } from "./client-types.ts";
import { printCountries } from "./country-page.ts";

/** Makes every generated file: its path from the root of the repository, and its content. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["generated/metadata.xml", printMetadata()],
    ["generated/openapi.json", `${JSON.stringify(printOpenApi(describeOffers(), "v1.0"), null, 2)}\n`],
    ["generated/schema.sql", await printSchema()],
    ["docs/countries.md", printCountries()],
    ["src/client/types.ts", printClientTypes()],
  ]);
}

/** The tables of the embedded database after all migrations, as SQLite itself tells them. */
async function printSchema(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-schema-"));
  const database = openSqlite(directory);
  try {
    await migrate(database, new Date(0).toISOString());
    const rows = await database.read(
      everyPartner,
      raw(`select "sql" from sqlite_schema where "sql" is not null and "name" not like 'sqlite_%' order by "name"`),
    );
    return `${rows.map((row) => `${row["sql"]};`).join("\n\n")}\n`;
  } finally {
    await database.close();
    rmSync(directory, { recursive: true });
  }
}
