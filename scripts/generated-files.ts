import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printPerformance } from "../bench/performance-page.ts";
import { readResults } from "../bench/results.ts";
import { describeSchema } from "../src/odata/metadata.ts";
import { printCsdlJson } from "../src/odata/metadata-json.ts";
import { printCsdlXml } from "../src/odata/metadata-xml.ts";
import { printOpenApi } from "../src/odata/openapi.ts";
import { printSwagger } from "../src/odata/swagger.ts";
import { describeOffers } from "../src/onboarding/offers.ts";
import { everyPartner } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";
import { raw } from "../src/store/sql.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { printClientTypes } from "./client-types.ts";
import { printCountries } from "./reference/countries.ts";
import { printErrors } from "./reference/errors.ts";
import { printLimits } from "./reference/limits.ts";
import { printRequests } from "./reference/requests.ts";
import { printSettings } from "./reference/settings.ts";

/** Makes every generated file: its path from the root of the repository, and its content. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const offers = describeOffers();
  const schema = describeSchema(offers);
  return new Map([
    ["generated/metadata.xml", printCsdlXml(schema, "4.0")],
    ["generated/metadata.json", printJson(printCsdlJson(schema, "4.0"))],
    ["generated/openapi.json", printJson(printOpenApi(offers, "v1.0"))],
    ["generated/swagger.json", printJson(printSwagger(offers, "v1.0", "https://localhost:8443"))],
    ["generated/schema.sql", await printSchema()],
    ["docs/countries.md", printCountries()],
    ["docs/performance.md", printPerformance(readResults())],
    ["docs/errors.md", printErrors()],
    ["docs/limits.md", printLimits()],
    ["docs/requests.md", printRequests()],
    ["docs/settings.md", printSettings()],
    ["src/client/types.ts", printClientTypes(offers)],
  ]);
}

function printJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
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
