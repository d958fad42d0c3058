import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { afterAll } from "vitest";
import { localCertificate } from "../../src/cli/certificates.ts";
import { everyPartner } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import { settle } from "../support/delta.ts";
import { createStorage, type Storage, startProcess } from "../support/process.ts";
import type { Engine } from "../support/service.ts";

/** Where the clients are tried: every scheme, and every engine. */
export const places = [
  { scheme: "http", engine: "sqlite" },
  { scheme: "https", engine: "sqlite" },
  { scheme: "https", engine: "postgres" },
] as const satisfies readonly { readonly scheme: "http" | "https"; readonly engine: Engine }[];

export type Place = (typeof places)[number];

/** A server in a process of its own, as a client finds it. */
export interface RunningServer extends AsyncDisposable {
  /** Scheme and authority, without a slash at the end. */
  readonly origin: string;
  /** A token with every permission. */
  readonly token: string;
  /** Waits until delta shows every change so far. */
  settle(): Promise<void>;
}

// All servers of a file show one certificate: two authorities of one name could not be told apart.
const directory = mkdtempSync(join(tmpdir(), "tenantry-clients-"));
const { caFile } = await localCertificate(directory);
tls.setDefaultCACertificates([...tls.getCACertificates("default"), readFileSync(caFile, "utf8")]);
afterAll(() => rmSync(directory, { recursive: true }));

/** Starts a server that listens on both schemes, and gives the address of the one that is asked for. */
export async function startRunningServer({ scheme, engine }: Place): Promise<RunningServer> {
  const storage = await createStorage(engine);
  cpSync(join(directory, "tls"), join(storage.directory, "tls"), { recursive: true });
  const server = await startProcess([...storage.flags, "--tls", "auto", "--tls-port", "0"]);
  return {
    origin: server.origins.find((each) => each.startsWith(`${scheme}:`)) ?? "",
    token: server.token,
    settle: async () => {
      // The embedded database belongs to the server's process, and has no transaction to wait for.
      if (engine === "sqlite") return;
      await using opened = openStorage(storage);
      await settle(opened);
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await storage[Symbol.asyncDispose]();
    },
  };
}

function openStorage(storage: Storage) {
  const database = storage.open();
  return {
    database,
    rows: (text: string) => database.read(everyPartner, raw(text)),
    [Symbol.asyncDispose]: () => database.close(),
  };
}
