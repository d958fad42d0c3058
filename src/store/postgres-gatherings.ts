import type { Database, Row, Scope } from "./database.ts";
import { gatherer } from "./gather.ts";
import type { Pipeline } from "./postgres-pipeline.ts";
import { type FindForms, isRolledBack, queryOf, queryTogether } from "./postgres-query.ts";
import type { Statement } from "./sql.ts";

/** What someone asks of the database, and for whom. */
interface Asked<T> {
  readonly scope: Scope;
  readonly asked: T;
}

/**
 * Reads and writes down a pipeline. Statements that are made for many sets of values, and come in the same tick for the
 * same partner in the same shape, run as one: so many requests at once cost the database little more than one.
 */
export function gatherings(
  pipeline: Pipeline,
  variedPipeline: Pipeline,
  find: FindForms,
): Pick<Database, "read" | "write"> {
  const readOne = (scope: Scope, statement: Statement) =>
    (statement.isVaried === true ? variedPipeline : pipeline).read(scope, queryOf(find, statement));
  const writeOne = (scope: Scope, statements: readonly Statement[]) =>
    pipeline.write(
      scope,
      statements.map((statement) => queryOf(find, statement)),
    );

  const read = gatherer<Asked<Statement>, readonly Row[]>({
    alone: ({ scope, asked }) => readOne(scope, asked),
    async together(group) {
      const sets = group.map(({ asked }) => asked);
      return dealOut(sets, await pipeline.read(scopeOf(group), queryTogether(find, sets)));
    },
    isUndone: isRolledBack,
  });

  const write = gatherer<Asked<readonly Statement[]>, readonly (readonly Row[])[]>({
    alone: ({ scope, asked }) => writeOne(scope, asked),
    async together(group) {
      const steps = (group[0]?.asked ?? []).map((_, place) => group.flatMap(({ asked }) => asked[place] ?? []));
      const queries = steps.map((sets) => queryTogether(find, sets));
      const rows = await pipeline.write(scopeOf(group), queries);
      const dealt = steps.map((sets, place) => dealOut(sets, rows[place] ?? []));
      return group.map((_, index) => dealt.map((each) => each[index] ?? []));
    },
    isUndone: isRolledBack,
  });

  /** Gives the kind of what can be carried out together with its like; undefined: it cannot be. */
  function kindOf(scope: Scope, statements: readonly Statement[]): string | undefined {
    let kind: string = scope;
    for (const { texts } of statements) {
      const { together } = find(texts);
      if (together === undefined) return undefined;
      kind += ` ${together.number}`;
    }
    return statements.length === 0 ? undefined : kind;
  }

  return {
    read(scope, statement) {
      const kind = kindOf(scope, [statement]);
      return kind === undefined ? readOne(scope, statement) : read(kind, { scope, asked: statement });
    },
    write(scope, statements) {
      const kind = kindOf(scope, statements);
      return kind === undefined ? writeOne(scope, statements) : write(kind, { scope, asked: statements });
    },
  };
}

function scopeOf(group: readonly Asked<unknown>[]): Scope {
  const [first] = group;
  if (first === undefined) throw new Error("A group of nothing is for nobody.");
  return first.scope;
}

/** Gives each of the statements that were run together the rows that are known to be its own. */
function dealOut(sets: readonly Statement[], rows: readonly Row[]): readonly (readonly Row[])[] {
  const column = sets[0]?.rowKey?.column;
  if (column === undefined) return sets.map(() => []);
  const byKey = Map.groupBy(rows, (row) => row[column]);
  return sets.map(({ rowKey }) => byKey.get(rowKey?.value) ?? []);
}
