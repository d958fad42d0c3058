import { randomInt } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { registerFunctions } from "./sqlite-functions.ts";

/** The largest number that the header of a database file holds. */
const versionMax = 2 ** 31;

/**
 * Copies the embedded database of a data directory into a new file, also while a server writes: what is in the copy is
 * what was committed at one instant. When it returns, the copy is on disk.
 */
export function backUpSqlite(directory: string, file: string): void {
  const part = `${file}.part`;
  const owned = openSync(part, "wx", 0o600);
  try {
    copyTo(directory, part);
    fsyncSync(owned);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  } finally {
    closeSync(owned);
  }
}

function copyTo(directory: string, part: string): void {
  const source = new SqliteDatabase(join(directory, "tenantry.db"), { readonly: true, fileMustExist: true });
  try {
    registerFunctions(source);
    // One reading transaction: a writer does not make it begin anew, as it would the backup by pages.
    source.prepare("vacuum into ?").run(part);
  } finally {
    source.close();
  }
  const copy = new SqliteDatabase(part);
  // The name of its log of changes: whoever has followed the original further begins anew.
  copy.pragma(`user_version = ${randomInt(1, versionMax)}`);
  copy.close();
}
