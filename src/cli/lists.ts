import { type Command, InvalidArgumentError } from "commander";
import type { ListQuery } from "../client/client.ts";
import { type ConnectFlags, withConnection } from "./connect.ts";
import { type Format, outputOption, printRows, say } from "./output.ts";

/** Which entities a list shows. */
export interface ListFlags extends ConnectFlags {
  readonly filter?: string;
  readonly search?: string;
  readonly orderby?: string;
  readonly limit: number;
  readonly columns?: string;
  readonly output: Format;
}

/** Adds the options of a list. */
export function withList(command: Command): Command {
  return withConnection(command)
    .option("--filter <expression>", "an expression of OData, such as \"lifecycleState eq 'active'\"")
    .option("--search <words>", "words to look for")
    .option("--orderby <keys>", 'such as "createdDateTime desc"')
    .option("--limit <number>", "how many to show at most", readLimit, 100)
    .option("--columns <paths>", "what tables and CSV show, separated by commas")
    .addOption(outputOption());
}

/** Prints what a list gives, at most as much as was asked for, and says when there is more. */
export async function printList<Entity extends object>(
  list: (query: ListQuery<Entity>) => AsyncIterable<Entity>,
  flags: ListFlags,
  columns: readonly string[],
): Promise<void> {
  const { filter, search, orderby, limit } = flags;
  const query = {
    pageSize: Math.min(limit + 1, 500),
    ...(filter === undefined ? {} : { filter }),
    ...(search === undefined ? {} : { search }),
    ...(orderby === undefined ? {} : { orderBy: orderby }),
  };
  async function* limited() {
    let shown = 0;
    for await (const entity of list(query)) {
      if (shown === limit) return say(`There are more than ${limit}; --limit shows more.`);
      shown += 1;
      yield entity;
    }
  }
  await printRows(limited(), flags.output, flags.columns?.split(",") ?? columns);
}

function readLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number above 0.");
}
