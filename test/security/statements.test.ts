import { describe, expect, test } from "vitest";
import { everyPartner, type Scope } from "../../src/store/database.ts";
import { type Statement, sql } from "../../src/store/sql.ts";
import { openWorld } from "../server/world.ts";
import { meddle } from "../support/failing-database.ts";
import { findPartnerFault, partnerTables } from "../support/partner-guard.ts";
import { engines, otherPartner, partner } from "../support/service.ts";
import { driveEverything } from "./drive.ts";
import { listSqlTemplates } from "./sql-templates.ts";

const own = sql`"partnerId" = ${partner}`;

/** Statements that could touch the rows of another partner. */
const faulty: readonly (readonly [sentence: string, scope: Scope, statement: Statement])[] = [
  ["names no partner", partner, sql`select * from "customers" where "id" = ${"a"}`],
  ["names another partner", partner, sql`select * from "customers" where "partnerId" = ${otherPartner}`],
  ["compares the partner with nothing that is bound", partner, sql`select * from "customers" where "partnerId" = "id"`],
  [
    "names no partner in what is joined",
    partner,
    sql`select * from "changes" as c left join "customers" as v on v."id" = c."entityId" where c.${own}`,
  ],
  [
    "names no partner in a select within",
    partner,
    sql`select * from "customers" where ${own} and exists (select 1 from "changes" where "entityId" = ${"a"})`,
  ],
  [
    "names the partner only in a select within",
    partner,
    sql`select * from "customers" where exists (select 1 from "changes" where ${own})`,
  ],
  ["changes rows of any partner", partner, sql`update "customers" set "version" = ${"a"} where "id" = ${"b"}`],
  ["deletes rows of any partner", partner, sql`delete from "repeatability" where "requestId" = ${"a"}`],
  [
    "makes a row of another partner",
    partner,
    sql`insert into "throttle" ("partnerId", "window", "granted") values (${otherPartner}, ${1}, ${1})`,
  ],
  [
    "is the server's own and says not whose the rows are",
    everyPartner,
    sql`update "customers" set "version" = ${"a"} where "id" = ${"b"}`,
  ],
];

describe("the watch over statements", () => {
  test.each(faulty)("finds one that %s", (_sentence, scope, statement) => {
    expect(findPartnerFault(scope, statement)).toMatch(/lacks the partner|not the partner's/);
  });

  test("knows the tables of the model and some more", () => {
    expect([...partnerTables]).toEqual(expect.arrayContaining(["customers", "customerCreationOperations", "changes"]));
  });
});

describe.each(engines)("the statements of the service on %s", (engine) => {
  test("each name the partner wherever they touch partners' data, and all of the sources are among them", async () => {
    const { meddling, through } = meddle();
    const sent: string[] = [];
    const note = ({ texts }: Statement) => void sent.push(...texts);
    meddling.beforeRead = note;
    meddling.beforeWrite = (statements) => statements.forEach(note);
    const world = await openWorld(engine, { through });
    await using _ = world.service;
    await driveEverything(world, meddling);
    // The service watches over its statements itself: see guarded().

    const unseen = listSqlTemplates(partnerTables).filter(({ text }) => !sent.some((each) => each.includes(text)));

    expect(unseen).toEqual([]);
  });
});
