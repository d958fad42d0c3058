import { provisioningStages } from "../../src/onboarding/provisioner.ts";
import { everyPartner, type Row } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import type { Storage } from "./process.ts";

/** What the provisioner notes when it has made every stage of every operation, and each once. */
export function madeOnce(ids: readonly string[]) {
  const stages = ids.flatMap((id) => provisioningStages.map((stage) => `${id} ${stage}`)).sort();
  return { ledger: stages, directory: stages, tenants: ids.length };
}

/** Reads what the local provisioner has made, in its ledger, its directory and the customers. */
export async function readMade(storage: Storage) {
  const made = await readRows(storage, `select "operationId", "stage" from "localLedger" where "outcome" = 'made'`);
  const directory = await readRows(storage, `select "operationId", "stage" from "localDirectory"`);
  const [tenants] = await readRows(storage, `select count(distinct "tenantId") as "count" from "customers"`);
  const print = (row: Row) => `${row["operationId"]} ${row["stage"]}`;
  return {
    ledger: made.map(print).sort(),
    directory: directory.map(print).sort(),
    tenants: Number(tenants?.["count"]),
  };
}

/** Reads rows of a storage that no server need run on. */
export async function readRows(storage: Storage, text: string) {
  const database = storage.open();
  try {
    return await database.read(everyPartner, raw(text));
  } finally {
    await database.close();
  }
}
