import { expect, test } from "vitest";
import { everyPartner } from "../../src/store/database.ts";
import { sql } from "../../src/store/sql.ts";
import { startService } from "../support/service.ts";

test("a statement on sqlite whose rows could not be taken gives whole rows to whoever runs it next", async () => {
  await using service = await startService("sqlite");
  const statement = sql`select 1 as "one"`;
  const take = () => () => {
    throw new Error("This row cannot be taken.");
  };

  const failing = service.database.read(everyPartner, { ...statement, take });

  await expect(failing).rejects.toThrow("This row cannot be taken.");
  expect(await service.database.read(everyPartner, statement)).toEqual([{ one: 1 }]);
});
