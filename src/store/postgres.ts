import type { DatabaseLoad } from "../telemetry/metrics.ts";
import type { OpenDatabase } from "./database.ts";
import { postgresDialect } from "./dialect.ts";
import { gatherings } from "./postgres-gatherings.ts";
import { openPipeline } from "./postgres-pipeline.ts";
import { formFinder, type Patience } from "./postgres-query.ts";
import { openTransactions } from "./postgres-transactions.ts";

/** Opens a PostgreSQL server by its URL. */
export function openPostgres(url: string, patience: Patience = "bounded"): OpenDatabase {
  const find = formFinder();
  const pipeline = openPipeline(url, patience, "once");
  const varied = openPipeline(url, patience, "asSeemsBest");
  const transactions = openTransactions(url, find);
  const opened = [pipeline, varied, transactions];
  return {
    dialect: postgresDialect,
    ...gatherings(pipeline, varied, find),
    transaction: transactions.run,
    load() {
      const loads = opened.map((each) => each.load());
      const sumOf = (name: keyof DatabaseLoad) => loads.reduce((sum, load) => sum + load[name], 0);
      return { connections: sumOf("connections"), pending: sumOf("pending") };
    },
    async close() {
      await transactions.close();
      await Promise.all([pipeline.close(), varied.close()]);
    },
  };
}
