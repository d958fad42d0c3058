import { expect, test } from "vitest";
import { beginning } from "../../src/model/delta.ts";
import { openChangeLog } from "../../src/store/change-log.ts";
import { newestPlace } from "../../src/store/changes.ts";
import { everyPartner } from "../../src/store/database.ts";
import { sql } from "../../src/store/sql.ts";
import { engines, newDomain, partner, startService } from "../support/service.ts";

test.each(engines)("the log of changes on %s keeps its name", async (engine) => {
  await using service = await startService(engine);
  await service.post("/customerCreationOperations", { domain: newDomain() });

  const name = await openChangeLog(service.database);

  expect(name).toBe(service.context.changeLog);
});

test("two logs on one server of postgres have different names", async () => {
  await using one = await startService("postgres");
  await using other = await startService("postgres");

  expect(one.context.changeLog).not.toBe(other.context.changeLog);
});

test("changes that were restored to a server of postgres that has not counted so far are settled once the log is opened, before all later ones", async () => {
  await using service = await startService("postgres");
  const open = () => service.post("/customerCreationOperations", { domain: newDomain() });
  const settled = () => newestPlace(service.database, partner, "settled");
  await open();
  await service.database.write(everyPartner, [sql`update "changes" set "transactionId" = '999999999999'`]);
  const restored = await settled();

  await openChangeLog(service.database);
  const repaired = await settled();
  await open();
  const later = await settled();

  expect(restored).toEqual(beginning);
  expect(repaired).toEqual({ transactionId: "0", position: "1" });
  expect(later.position).toBe("2");
});
