import { basename, join } from "node:path";
import { assertAlike } from "./alike.ts";
import { capTemplate, deployCap, startCap } from "./cap.ts";
import { countStatements, type Opponent, startLimit, startOurs } from "./contenders.ts";
import type { DurablePostgres } from "./durable-postgres.ts";
import { createTables } from "./limit-tables.ts";
import type { Place } from "./place.ts";
import { type Name, printLine } from "./report.ts";
import { seed, seededId, seededPrefixes, type Template } from "./seed.ts";
import { capSpelling, graphSpelling } from "./spelling.ts";
import { begin } from "./template.ts";

export type Engine = "sqlite" | "postgres";
/** Whom ours may be compared with. */
export type Peer = Exclude<Name, "ours">;

/** Servers on the same engine, each on a database of its own with the same customers, and what clients need to know. */
export interface Arena extends AsyncDisposable {
  readonly engine: Engine;
  readonly contenders: readonly Opponent[];
}

/** What an arena is to be. */
interface Wanted {
  readonly engine: Engine;
  readonly customers: number;
  readonly directory: string;
  readonly postgres: DurablePostgres | undefined;
  readonly profile: string | undefined;
  readonly against: readonly Peer[];
}

const limitDeltaPath = "/v1.0/customers/delta()?$deltatoken=0";
const idsMax = 20_000;

/** Makes the databases, fills them alike and starts the servers. */
export async function openArena({ engine, customers, directory, postgres, profile, against }: Wanted): Promise<Arena> {
  await using started = new AsyncDisposableStack();
  const placeOf = async (name: string): Promise<Place> => {
    const dataDirectory = join(directory, name);
    return postgres === undefined
      ? { dataDirectory }
      : { dataDirectory, databaseUrl: started.use(await postgres.createDatabase()).url };
  };
  const place = await placeOf("ours");
  const { template, token, deltaPath } = await begin(place);
  await fill(place, template, customers);
  const servers = [{ server: started.use(await startOurs(place, profile)), place }];
  for (const peer of against) {
    const ofPeer = await placeOf(peer);
    await peers[peer].createTables(ofPeer);
    await fill(ofPeer, peers[peer].template(template), customers);
    servers.push({ server: started.use(await peers[peer].start(ofPeer)), place: ofPeer });
  }
  const target = {
    token,
    prefixes: seededPrefixes(template, customers),
    customerIds: Array.from({ length: idsMax }, () => seededId(template, Math.floor(Math.random() * customers))),
  };
  const own = {
    ours: { spelling: graphSpelling, deltaPath },
    limit: { spelling: graphSpelling, deltaPath: limitDeltaPath },
    cap: { spelling: capSpelling },
  };
  const contenders = servers.map(({ server, place }) => ({
    ...server,
    target: { ...target, ...own[server.name] },
    countStatements: () => countStatements(place),
  }));
  await assertAlike(contenders);
  const all = started.move();
  return { engine, contenders, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** How each of the others gets its tables and rows, and starts. */
const peers = {
  limit: { createTables, template: (template: Template) => template, start: startLimit },
  cap: { createTables: deployCap, template: capTemplate, start: startCap },
} as const;

async function fill(place: Place, template: Template, customers: number): Promise<void> {
  const began = performance.now();
  await seed(place, template, customers);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  printLine(`${customers} customers in ${basename(place.dataDirectory)} in ${seconds} s`);
}
