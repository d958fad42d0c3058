import { isDeepStrictEqual } from "node:util";
import type { Opponent } from "./contenders.ts";
import { firstPage, nextPage } from "./w3-page.ts";
import { headersOf } from "./workload.ts";

const pagesMax = 12;

/**
 * Asks servers for the same things and throws when one of them answers something else: then their speeds say nothing.
 * Those that spell alike must answer alike; of the others it is the same customers, page by page.
 */
export async function assertAlike(opponents: readonly Opponent[]): Promise<void> {
  const [first, ...others] = opponents;
  if (first === undefined) return;
  for (const startOf of [customerPath, pagePath, deltaPath]) {
    const expected = await walk(first, startOf(first));
    for (const other of others) {
      const start = startOf(other);
      if (start !== undefined) assertSame(await walk(other, start), expected, { first, other, start });
    }
  }
}

function assertSame(
  answered: readonly Page[],
  expected: readonly Page[],
  { first, other, start }: { readonly first: Opponent; readonly other: Opponent; readonly start: string },
): void {
  const compared =
    other.target.spelling === first.target.spelling ? [answered, expected] : [answered, expected].map(idsIn);
  if (isDeepStrictEqual(compared[0], compared[1])) return;
  throw new Error(`${other.name} does not answer ${start} as ${first.name} does.`);
}

function customerPath({ target }: Opponent): string {
  return `/v1.0/customers/${target.customerIds[0]}`;
}

function pagePath({ target }: Opponent): string {
  return firstPage(target.spelling, target.prefixes.at(-1) ?? "");
}

function deltaPath({ target }: Opponent): string | undefined {
  return target.deltaPath;
}

// CAP ends a walk with an empty page when the last one was full.
function idsIn(pages: readonly Page[]): readonly unknown[] {
  return pages
    .map(({ id, value = [] }) => [id, ...value.map((entity) => entity.id)])
    .filter((ids) => ids.some((id) => id !== undefined));
}

/** An entity, or a page of a set. */
interface Page {
  readonly id?: string;
  readonly value?: readonly { readonly id: string }[];
}

/** What a walk shows, page by page, without the links, in which the servers differ. */
async function walk({ origin, target }: Opponent, start: string | undefined): Promise<readonly Page[]> {
  const shown: Page[] = [];
  for (let path: string | undefined = start; path !== undefined && shown.length < pagesMax; ) {
    const response = await fetch(origin + path, { headers: headersOf(target) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text}`);
    const { "@odata.context": _context, "@odata.nextLink": _nextLink, ...rest } = JSON.parse(text);
    shown.push(rest);
    path = nextPage(text);
  }
  return shown;
}
