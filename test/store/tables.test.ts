import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entityTypes } from "../../src/model/model.ts";
import { type Column, tableOf } from "../../src/store/tables.ts";
import { type Engine, engines, type Json, type Service, startService } from "../support/service.ts";

/** A column as an engine describes it. */
interface Described {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

const ownTables = [
  ...["changes", "credentials", "domains", "localDirectory", "localLedger", "migrations", "provisionerCalls"],
  ...["repeatability", "throttle", "notificationLanes", "signingKeys", "refreshTokens"],
];

describe.each(engines)("the tables on %s", (engine) => {
  let service: Service;
  let columns: readonly Described[];
  beforeAll(async () => {
    service = await startService(engine);
    columns = await describeColumns(service, engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test.each(entityTypes.map((type) => [type.name, type] as const))(
    "have for a %s exactly the columns, types and nullability that the model implies",
    (_name, type) => {
      const table = tableOf(type);

      const actual = columns.filter((column) => column.table === table.name);

      expect(actual).toEqual(sorted(table.columns.map((column) => describeColumn(table.name, column))));
      expect(actual.length).toBeGreaterThanOrEqual(10);
    },
  );

  test("are those of the model and those that the store itself needs, and no others", () => {
    const names = new Set(columns.map(({ table }) => table));

    expect([...names].sort()).toEqual([...entityTypes.map(({ set }) => set), ...ownTables].sort());
  });

  test("keep entities under the partner and then the id", async () => {
    const keys = await Promise.all(entityTypes.map(({ set }) => readPrimaryKey(service, engine, set)));

    expect(keys).toEqual(entityTypes.map(() => ["partnerId", "id"]));
  });
});

test("every text on postgres is compared by its bytes, as on sqlite", async () => {
  await using service = await startService("postgres");

  const other = await service.rows(
    `select "table_name", "column_name" from information_schema.columns
      where "table_schema" = 'public' and "data_type" = 'text' and "collation_name" is distinct from 'C'`,
  );

  expect(other).toEqual([]);
});

function describeColumn(table: string, { name, type, nullable }: Column): Described {
  return { table, name, type, nullable };
}

function sorted(columns: readonly Described[]): readonly Described[] {
  return columns.toSorted((a, b) => (`${a.table} ${a.name}` < `${b.table} ${b.name}` ? -1 : 1));
}

async function describeColumns(service: Service, engine: Engine): Promise<readonly Described[]> {
  const rows: readonly Json[] =
    engine === "sqlite"
      ? await service.rows(
          `select m."name" as "table", c."name", lower(c."type") as "type", c."notnull" = 0 as "nullable"
            from sqlite_master m, pragma_table_info(m."name") c
            where m."type" = 'table' and m."name" not like 'sqlite_%'`,
        )
      : await service.rows(
          `select "table_name" as "table", "column_name" as "name", "data_type" as "type",
            "is_nullable" = 'YES' as "nullable" from information_schema.columns where "table_schema" = 'public'
            and "table_name" !~ '_p[0-9]+$'`,
        );
  return sorted(rows.map(({ table, name, type, nullable }) => ({ table, name, type, nullable: Boolean(nullable) })));
}

async function readPrimaryKey(service: Service, engine: Engine, table: string): Promise<readonly string[]> {
  const rows: readonly Json[] =
    engine === "sqlite"
      ? await service.rows(`select "name" from pragma_table_info('${table}') where "pk" > 0 order by "pk"`)
      : await service.rows(
          `select k."column_name" as "name" from information_schema.table_constraints c
            join information_schema.key_column_usage k using ("constraint_schema", "constraint_name")
            where c."constraint_type" = 'PRIMARY KEY' and c."table_name" = '${table}' order by k."ordinal_position"`,
        );
  return rows.map(({ name }) => name);
}
