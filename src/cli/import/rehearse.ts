import type { Client, CustomerFinding } from "../../client/client.ts";
import { newCustomer } from "../bodies.ts";
import { say } from "../output.ts";
import { startProgress } from "../progress.ts";
import { findExisting } from "./existing.ts";
import { type ImportRow, inOrder, type RowFault } from "./import-row.ts";
import { inPackets } from "./packets.ts";
import { countRows, readRows } from "./read-rows.ts";
import { faultsOf } from "./row-faults.ts";

const takenCodes: readonly string[] = ["domainAlreadyInUse", "domainReserved", "nameAlreadyExists"];

/** Asks the service of each row of a file whether its customer could be added. Gives all faults; nothing is added. */
export async function rehearse(file: string, client: Client): Promise<readonly RowFault[]> {
  const total = await countRows(file);
  const faults = new Map<number, readonly RowFault[]>();
  let existing = 0;
  const progress = startProgress("Checked", total);
  try {
    await inPackets(readRows(file), async (rows) => {
      const checked = await check(client, rows);
      for (const [row, found] of checked) {
        if (found === "exists") existing += 1;
        else if (found.length > 0) faults.set(row.line, found);
      }
      progress.advance(rows.length);
    });
  } finally {
    progress.stop();
  }
  const sound = total - existing - faults.size;
  say(`${total} rows: ${sound} can be imported, ${existing} are there already, ${faults.size} have faults.`);
  say("Nothing was imported. Run it again with --apply.");
  return inOrder(faults);
}

async function check(
  client: Client,
  rows: readonly ImportRow[],
): Promise<readonly (readonly [ImportRow, "exists" | readonly RowFault[]])[]> {
  const readable = rows.filter(({ values }) => values !== undefined);
  const settled = await client.batch((each) =>
    readable.map((row) => each.customers.validate(newCustomer(row.values ?? {}))),
  );
  return Promise.all(
    rows.map(async (row) => {
      const answer = settled[readable.indexOf(row)];
      if (answer === undefined) return [row, row.faults] as const;
      if (answer.status === "rejected") return [row, [...row.faults, ...faultsOf(row, answer.reason)]] as const;
      const { errors } = answer.value;
      const isTaken =
        row.faults.length === 0 && errors.length > 0 && errors.every(({ code }) => takenCodes.includes(code));
      if (isTaken && (await findExisting(client, row)) !== undefined) return [row, "exists"] as const;
      // What the file itself says is wrong comes first, and is not told twice.
      const found = errors.map((finding) => faultOf(row, finding));
      const known = new Set(row.faults.map(({ path }) => path));
      return [row, [...row.faults, ...found.filter(({ path }) => path === null || !known.has(path))]] as const;
    }),
  );
}

function faultOf(row: ImportRow, { code, message, target }: CustomerFinding): RowFault {
  return { ...row.locate(target ?? undefined), code, message };
}
