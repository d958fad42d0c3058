import { isDeepStrictEqual } from "node:util";
import type { Opponent } from "./contenders.ts";
import { firstPage, nextPage } from "./w3-page.ts";
import { headersOf } from "./workload.ts";

/** Asks servers for the same things and throws when one of them answers something else: then their speeds say nothing. */
export async function assertAlike(opponents: readonly Opponent[]): Promise<void> {
  const [first, ...others] = opponents;
  if (first === undefined) return;
  const { customerIds, prefixes } = first.target;
  const starts = [`/v1.0/customers/${customerIds[0]}`, firstPage(prefixes.at(-1) ?? "")];
  for (const start of starts) {
    const expected = await walk(first, start);
    for (const other of others) {
      if (isDeepStrictEqual(await walk(other, start), expected)) continue;
      throw new Error(`${other.name} does not answer ${start} as ${first.name} does.`);
    }
  }
}

/** What a walk shows, page by page, without the links, in which the servers differ. */
async function walk({ origin, target }: Opponent, start: string): Promise<readonly unknown[]> {
  const shown: unknown[] = [];
  for (let path: string | undefined = start; path !== undefined; ) {
    const response = await fetch(origin + path, { headers: headersOf(target) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text}`);
    const { "@odata.context": _context, "@odata.nextLink": _nextLink, ...rest } = JSON.parse(text);
    shown.push(rest);
    path = nextPage(text);
  }
  return shown;
}
