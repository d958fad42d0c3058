import type { Database } from "../../src/store/database.ts";
import type { Statement } from "../../src/store/sql.ts";

/** What a test does to the database of a service: it fails, or takes its time, where the hooks say so. */
export interface Meddling {
  /** Runs before each write; what it throws, the write throws. */
  beforeWrite: (statements: readonly Statement[]) => Promise<void> | void;
  /** Runs before each read. */
  beforeRead: (statement: Statement) => Promise<void> | void;
  /** Runs after each write that failed. */
  afterFailure: (error: unknown) => void;
}

/** A database that can be meddled with, and how. */
export function meddle(): { readonly meddling: Meddling; readonly through: (database: Database) => Database } {
  const meddling: Meddling = {
    beforeWrite: () => undefined,
    beforeRead: () => undefined,
    afterFailure: () => undefined,
  };
  const through = (database: Database): Database => ({
    ...database,
    async read(scope, statement) {
      await meddling.beforeRead(statement);
      return database.read(scope, statement);
    },
    async write(scope, statements) {
      await meddling.beforeWrite(statements);
      try {
        return await database.write(scope, statements);
      } catch (error) {
        meddling.afterFailure(error);
        throw error;
      }
    },
  });
  return { meddling, through };
}

/** Tells the write that keeps the answer of a repeatable request. */
export function keepsAnswer(statements: readonly Statement[]): boolean {
  return statements.some(({ texts }) => texts[0]?.startsWith(`update "repeatability"`));
}

/** Tells a read of the records of repeatable requests. */
export function readsRecord({ texts }: Statement): boolean {
  return texts.some((text) => text.includes(`from "repeatability"`));
}
