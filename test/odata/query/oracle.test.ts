import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { join, name, sql } from "../../../src/store/sql.ts";
import { arbitraryCondition, arbitraryKey } from "../../support/oracle/arbitrary-term.ts";
import { compare, evaluate } from "../../support/oracle/evaluate.ts";
import { insertRows, type OracleRow, subjects } from "../../support/oracle/rows.ts";
import { namedTerms, printTerm, type Term, type Value } from "../../support/oracle/term.ts";
import { engines, type Json, origin, partner, type Service, startService } from "../../support/service.ts";

// A failure is found again with the seed in the name of its test: TENANTRY_TEST_SEED=… npx vitest run …
const seed = Number(process.env["TENANTRY_TEST_SEED"] ?? Date.now() % 2 ** 31);
const sets = ["customers", "customerCreationOperations"] as const;
const rowCount = 40;

describe.each(engines)(`a query on %s, seed ${seed}`, (engine) => {
  let service: Service;
  let rows: Readonly<Record<(typeof sets)[number], readonly OracleRow[]>>;
  beforeAll(async () => {
    service = await startService(engine);
    rows = await insertRows(service, seed, rowCount);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function read(path: string): Promise<Json> {
    const { status, json } = await service.get(path);
    if (status !== 200) throw new Error(`${status} ${json.error.message} ${decodeURIComponent(path)}`);
    return json;
  }

  describe.each(sets)("of %s", (set) => {
    test("finds what an evaluation by the text of the standard finds", async () => {
      const condition = arbitraryCondition(subjects[set]);
      const named = fc.tuple(condition, condition, fc.constantFrom("calculated", "@p"), fc.constantFrom("and", "or"));
      const withNamed = named.map(([left, term, name, operator]): Term => {
        return { kind: "infix", operator, type: "boolean", sides: [left, { kind: "named", name, term }] };
      });
      const property = fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: condition }, withNamed), async (filter) => {
        const expected = rows[set].filter((row) => evaluate(filter, new Map([["", row]])) === true);

        const json = await read(`/${set}?$select=id&$top=999&$filter=${encode(filter)}${definitions(filter)}`);

        const found = json.value.map(({ id }: { id: string }) => id);
        expect({ filter: printTerm(filter), found }).toEqual({
          filter: printTerm(filter),
          found: expected.map(({ id }) => id),
        });
      });
      await fc.assert(property, { seed, numRuns: 300 });
    }, 120_000);

    test("orders as the evaluation does, and its next links lead to every entity once", async () => {
      const key = fc.tuple(arbitraryKey(subjects[set]), fc.constantFrom("asc", "desc"));
      const property = fc.asyncProperty(
        fc.array(key, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 5, max: 50 }),
        // With all properties shown, a key that is one of them is read as such.
        fc.constantFrom("", "$select=id&"),
        async (keys, size, select) => {
          const orderby = encodeURIComponent(
            keys.map(([term, direction]) => `${printTerm(term)} ${direction}`).join(","),
          );
          let next: string | undefined = `/${set}?${select}$top=${size}&$orderby=${orderby}`;
          const found: string[] = [];

          while (next !== undefined) {
            const json: Json = await read(next);
            found.push(...json.value.map(({ id }: { id: string }) => id));
            next = json["@odata.nextLink"]?.slice(`${origin}/v1.0`.length);
          }

          expect({ orderby: decodeURIComponent(orderby), found }).toEqual({
            orderby: decodeURIComponent(orderby),
            found: sorted(rows[set], keys),
          });
        },
      );
      await fc.assert(property, { seed, numRuns: 60 });
    }, 120_000);
    test("walks past what is added and deleted between two pages: whatever stays is met once, in order", async () => {
      const { context, database } = service;
      const key = fc.tuple(arbitraryKey(subjects[set]), fc.constantFrom("asc", "desc"));
      const property = fc.asyncProperty(
        fc.array(key, { minLength: 1, maxLength: 2 }),
        fc.nat(),
        async (keys, choice) => {
          const orderby = encodeURIComponent(
            keys.map(([term, direction]) => `${printTerm(term)} ${direction}`).join(","),
          );
          const taken = new Set(
            rows.customers.map(({ externalId }) => (typeof externalId === "string" ? externalId : null)),
          );
          const added = await insertRows(service, choice, 4, taken);
          const leaving = added[set].map(({ id }) => id);
          let next: string | undefined = `/${set}?$select=id&$top=7&$orderby=${orderby}`;
          const found: string[] = [];

          while (next !== undefined) {
            const json: Json = await read(next);
            found.push(...json.value.map(({ id }: { id: string }) => id));
            next = json["@odata.nextLink"]?.slice(`${origin}/v1.0`.length);
            const gone = sql`update ${name(set)} set "deletedDateTime" = ${context.clock()} where "id" = ${leaving.pop() ?? ""}`;
            await database.write(partner, [gone]);
            if (found.length < 10)
              leaving.push(...(await insertRows(service, choice + found.length, 1, taken))[set].map(({ id }) => id));
          }
          await deleteAllBut(service, rows);

          const staying = new Set(rows[set].map(({ id }) => id));
          expect(new Set(found).size).toBe(found.length);
          expect(found.filter((id) => staying.has(id))).toEqual(sorted(rows[set], keys));
        },
      );
      await fc.assert(property, { seed, numRuns: 15 });
    }, 120_000);
  });
});

/** Takes away what a walk has added, so that the next one begins with the same rows. */
async function deleteAllBut(
  { database }: Service,
  rows: Readonly<Record<string, readonly OracleRow[]>>,
): Promise<void> {
  for (const [set, kept] of Object.entries(rows)) {
    const ids = join(
      kept.map(({ id }) => sql`${id}`),
      ", ",
    );
    await database.write(partner, [sql`delete from ${name(set)} where "id" not in (${ids})`]);
  }
}

function encode(term: Term): string {
  return encodeURIComponent(printTerm(term));
}

/** The options that give a meaning to what a term names. */
function definitions(term: Term): string {
  return namedTerms(term)
    .map(({ name, term: value }) =>
      name.startsWith("@") ? `&${name}=${encode(value)}` : `&$compute=${encode(value)}%20as%20${name}`,
    )
    .join("");
}

/** The ids in the order of the keys; the id comes last, in the direction of the last key. */
function sorted(rows: readonly OracleRow[], keys: readonly (readonly [Term, string])[]): readonly string[] {
  const directions = [...keys, keys.at(-1)].map((key) => (key?.[1] === "desc" ? -1 : 1));
  const evaluated = rows.map((row) => [...keys.map(([term]) => evaluate(term, new Map([["", row]]))), row.id]);
  return evaluated
    .sort((a, b) => {
      const different = directions.findIndex((_, index) => order(a[index] ?? null, b[index] ?? null) !== 0);
      return order(a[different] ?? null, b[different] ?? null) * (directions[different] ?? 1);
    })
    .map((values) => String(values.at(-1)));
}

/** Null is lower than any value (Microsoft Graph guidelines, sorting). */
function order(a: Value, b: Value): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a === b ? 0 : compare(a, b);
}
