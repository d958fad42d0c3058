import { everyPartner } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import { createStorage, type Storage, startProcess } from "../support/process.ts";

const secondMilliseconds = 1000;

/** A place that holds many customers of the partner of the printed token: `Bulk company 1` and so on. */
export async function createManyCustomers(count: number): Promise<Storage> {
  const storage = await createStorage("sqlite");
  await createOne(storage);
  const database = storage.open();
  const rows = `with recursive "numbers"("n") as (select 1 union all select "n" + 1 from "numbers" where "n" < ${count})
    select "n" from "numbers"`;
  const columns = await database.read(everyPartner, raw(`select name from pragma_table_info('customers')`));
  const values = columns.map(({ name }) => copied[String(name)] ?? `"${name}"`);
  const copy = `insert into "customers" select ${values.join(", ")} from (select * from "customers" limit 1), (${rows})`;
  await database.write(everyPartner, [raw(copy)]);
  await database.close();
  return storage;
}

/** What differs between the copies. Their identifiers rise with their numbers, as the server's do with time. */
const copied: Readonly<Record<string, string>> = {
  id: `printf('01900000-0000-7000-8000-%012d', "n")`,
  externalId: "null",
  companyProfile_domain: `'bulk' || "n" || '.onmicrosoft.com'`,
  companyProfile_companyName: `'Bulk company ' || "n"`,
  billingProfile_email: `'bulk' || "n" || '@example.com'`,
  billingProfile_defaultAddress_country: `substr('PTDEUSFR', 2 * ("n" % 4) + 1, 2)`,
  lifecycleState: `case when "n" % 1000 = 0 then 'failed' else 'active' end`,
  version: `printf('01900000-0000-7000-9000-%012d', "n")`,
};

async function createOne(storage: Storage): Promise<void> {
  await using server = await startProcess(storage.flags);
  const { status } = await server.send("POST", "/v1.0/customers", {
    companyProfile: { domain: "first.onmicrosoft.com" },
    billingProfile: { companyName: "The first", defaultAddress: { country: "PT" } },
  });
  if (status !== 201) throw new Error(`The first customer was answered ${status}.`);
  await new Promise((resolve) => setTimeout(resolve, secondMilliseconds));
  await server.end("SIGTERM");
}
