import type { OpenDatabase } from "./database.ts";
import { postgresDialect } from "./dialect.ts";
import { gatherings } from "./postgres-gatherings.ts";
import { openPipeline } from "./postgres-pipeline.ts";
import { formFinder, type Patience } from "./postgres-query.ts";
import { openTransactions } from "./postgres-transactions.ts";

/** Opens a PostgreSQL server by its URL. */
export function openPostgres(url: string, patience: Patience = "bounded"): OpenDatabase {
  const find = formFinder();
  const pipeline = openPipeline(url, patience);
  const transactions = openTransactions(url, find);
  return {
    dialect: postgresDialect,
    ...gatherings(pipeline, find),
    transaction: transactions.run,
    load() {
      const [one, other] = [transactions.load(), pipeline.load()];
      return { connections: one.connections + other.connections, pending: one.pending + other.pending };
    },
    async close() {
      await transactions.close();
      await pipeline.close();
    },
  };
}
