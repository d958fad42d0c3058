import { readdirSync, readFileSync } from "node:fs";
import { postgresDialect, sqliteDialect } from "../src/store/dialect.ts";
import { openDoor, type Place } from "./place.ts";

const companyNameIndex = `create index "limit_companyName" on "customers" ("partnerId", "companyProfile_companyName", "id")`;

/**
 * Makes the tables and indexes of the product for the lean server, without what the second wall between partners adds on
 * PostgreSQL. What it orders by has an index, and one only, whether or not the product has one.
 */
export async function createTables(place: Place): Promise<void> {
  await using door = await openDoor(place);
  const { words } = door.engine === "sqlite" ? sqliteDialect : postgresDialect;
  const folder = new URL("../src/store/migrations/", import.meta.url);
  const files = readdirSync(folder).filter((file) => /^\d{4}_[a-z_]+\.sql$/.test(file));
  const texts = files.sort().map((file) => readFileSync(new URL(file, folder), "utf8"));
  const tables = texts.join("\n").replaceAll(/\{\{(\w+)\}\}/g, (_, word: string) => words[word] ?? "");
  await door.run(tables);
  if (!/create index [^;]*"companyProfile_companyName"/.test(tables)) await door.run(companyNameIndex);
}
