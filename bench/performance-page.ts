import type { Report } from "./report.ts";
import type { Results } from "./results.ts";
import { warmupSeconds } from "./rounds.ts";
import { legend, printTables, summarizeMemory } from "./tables.ts";

/** Prints docs/performance.md from the results that are kept. */
export function printPerformance({ runs, memory }: Results): string {
  const parts = [
    method,
    ...runs.map(printRun),
    memory === undefined
      ? ""
      : `## Memory\n\n\`${memory.command}\`, ${memory.began.slice(0, 10)}.\n${summarizeMemory(memory)}\n`,
  ];
  return parts.filter((part) => part !== "").join("\n");
}

const method = `# Performance

<!-- npm run bench -- --write makes this page. -->

How fast Tenantry is, beside the leanest server that can be written for the same work, and beside what one would
otherwise build such a service with. Absolute figures are those of one machine; the ratios say more.

## What is compared

- **Tenantry** as \`tenantry serve\` starts it: with tokens, checks, the log of changes, the audit, repeatable requests, and
  provisioning in the background. It provisions what is added while it is measured: that is part of its work. What is then
  still waiting gets three seconds, and is taken away before the next measurement. Limits of a partner are set out of reach.
- **The lean server** (\`bench/limit.ts\`): bare \`node:http\`, \`pg\` with a pool of 8 and named prepared statements or
  \`better-sqlite3\`, \`JSON.stringify\`. It writes the same rows as durably, the line in the log of changes and in the audit
  included, and gives the same bodies. It checks nothing, reads no token and provisions nothing.
- **SAP CAP** (\`bench/peers/cap\`): the same properties by the means that CAP has for them, in production mode, with no
  authentication, partners, audit, log of changes or provisioning. On SQLite it is set to sync each commit as the others do.
  Its pool of connections is its default, 10; it may wait longer for one than by default, where it would refuse. It spells
  parts of structures with an underscore. Its fifth workload is missing: it has no delta.

All are processes of Node of their own, each with a database of its own, on the same server. PostgreSQL syncs each commit
(\`fsync\`, \`synchronous_commit\` and \`full_page_writes\` on); SQLite runs in WAL mode with \`synchronous=FULL\`.

## How it is measured

- The databases are filled alike: the product itself adds one customer, and its rows are copied with ids, names and domains
  of their own. Of the changes of each entity the first and the last are copied. Tables are analyzed then. Before anything
  is measured the servers are asked for the same customer, the same walk of ten pages and the beginning of the same delta;
  the answers of Tenantry and of the lean server must be the same in everything but links, and CAP must show the same
  customers page by page.
- Before the first round each server does the work of each workload for ${warmupSeconds} seconds, with as many connections as
  there will be at the most: a server of Node is slower until what runs often has been compiled.
- All servers are measured in each round, one right after the other, and another one is first in each round. Whatever else
  the machine does meets all of them. The next waits until the one before and its database have nothing more to do: of the
  requests that are under way at the end, each would still be carried out.
- The load comes from \`autocannon\` in a process of its own; each client waits for its answer before it goes on.
- **W1** opens an operation and adds its customer, with two requests. **W2** reads a random customer. **W3** reads customers
  by \`$filter=startswith(companyProfile/companyName,'…')&$orderby=companyProfile/companyName&$select=…\`: a prefix that
  1,000 customers have, in pages of 100, by the next links, then another prefix. **W4** sends a batch of 20 creations that do
  not depend on each other: \`POST /customers\`, which writes the operation and the customer; with CAP a deep insert of both.
  The lean server makes one statement of each of the 20 on PostgreSQL, all under way together over its pool, and one
  transaction of each on SQLite. **W5** reads \`customers/delta()\` in pages of 100 from before the first customer on. **W6**
  is the time from sending a change to the arrival of its notification, with nothing else to do.
- A unit is one pass through all requests of W1, and one request of the others; times of W1 are the sum of both.

\`npm run bench -- --help\` lists the options. To make this page, on a machine with nothing else to do:

\`\`\`console
$ npm run bench -- --connections 1,16,64 --write
$ npm run bench -- --customers 1000000 --workload W2,W3,W5 --engine postgres --write
$ npm run bench -- --memory 5m --engine postgres --write
\`\`\`
`;

function printRun(report: Report): string {
  const { began, command, machine, versions, settings } = report;
  const { rounds, seconds, customers } = settings;
  const memory = (machine.memoryBytes / 2 ** 30).toFixed(0);
  return [
    `## With ${customers.toLocaleString("en")} customers`,
    "",
    `\`${command}\`, ${began.slice(0, 10)}: ${rounds} rounds of ${seconds} seconds for each server and workload.`,
    `${machine.cores} × ${machine.cpu}, ${memory} GiB, ${machine.platform}, Node ${machine.node};`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}.`,
    "",
    ...legend,
    "",
    ...printTables(report),
    "",
  ].join("\n");
}
