import { type Client, ServiceError } from "../../client/client.ts";
import { newCustomer } from "../bodies.ts";
import { exitCodes } from "../failures.ts";
import { say } from "../output.ts";
import { startProgress } from "../progress.ts";
import { findExisting } from "./existing.ts";
import { type ImportRow, inOrder, type RowFault } from "./import-row.ts";
import { inPackets } from "./packets.ts";
import { countRows, readRows } from "./read-rows.ts";
import { type Outcome, openReport, type Report } from "./report.ts";
import { faultsOf } from "./row-faults.ts";

/** Adds the customers of a file to the service at a URL, and goes on where the report ends. Gives the faults of the rest. */
export async function addCustomersOf(
  file: string,
  reportFile: string,
  client: Client,
  url: string,
): Promise<readonly RowFault[]> {
  const total = await countRows(file);
  const report = openReport(reportFile, url);
  const faults = new Map<number, readonly RowFault[]>();
  const counts = { created: 0, exists: 0, faulty: 0, before: 0 };
  const stopping = stopOnInterrupt();
  const progress = startProgress("Imported", total);
  try {
    await inPackets(stopping.until(readRows(file)), async (rows) => {
      const waiting = rows.filter((row) => report.find(row) === undefined);
      const outcomes = await addRows(client, report, waiting);
      report.record(outcomes);
      for (const [row, outcome] of outcomes) {
        counts[outcome.outcome] += 1;
        if (outcome.outcome === "faulty") faults.set(row.line, outcome.faults);
      }
      counts.before += rows.length - waiting.length;
      progress.advance(rows.length);
    });
    if (!stopping.isAsked()) report.finish();
  } finally {
    progress.stop();
    report.close();
    stopping.end();
  }
  const { created, exists, faulty, before } = counts;
  say(`${created} were imported, ${before} before, ${exists} were there already, ${faulty} have faults.`);
  say(`${reportFile} tells what became of each row.`);
  if (stopping.isAsked()) {
    say("Interrupted. Run the same command again to go on.");
    process.exitCode = exitCodes.interrupted;
  }
  return inOrder(faults);
}

async function addRows(
  client: Client,
  report: Report,
  rows: readonly ImportRow[],
): Promise<readonly (readonly [ImportRow, Outcome])[]> {
  const sound = rows.filter(({ faults }) => faults.length === 0);
  const settled = await client.batch((each) =>
    sound.map((row) => each.addCustomer(newCustomer(row.values ?? {}), { repeatability: report.repeatabilityOf(row) })),
  );
  return Promise.all(
    rows.map(async (row): Promise<readonly [ImportRow, Outcome]> => {
      const added = settled[sound.indexOf(row)];
      if (added === undefined) return [row, { outcome: "faulty", faults: row.faults }];
      if (added.status === "rejected") return [row, await explain(client, row, added.reason)];
      const { customer, operationId } = added.value;
      return [row, { outcome: "created", id: customer.id, operationId }];
    }),
  );
}

/** Tells a row whose customer is there already from one that cannot be added. */
async function explain(client: Client, row: ImportRow, error: unknown): Promise<Outcome> {
  const faults = faultsOf(row, error);
  const isConflict = error instanceof ServiceError && error.status === 409;
  const id = isConflict ? await findExisting(client, row) : undefined;
  return id === undefined ? { outcome: "faulty", faults } : { outcome: "exists", id };
}

/** Lets Ctrl+C end an import between two rows; a second one ends it at once. */
function stopOnInterrupt() {
  let asked = false;
  const ask = () => {
    asked = true;
  };
  process.once("SIGINT", ask);
  async function* until<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, void> {
    for await (const item of items) {
      if (asked) return;
      yield item;
    }
  }
  return { until, isAsked: () => asked, end: () => process.off("SIGINT", ask) };
}
