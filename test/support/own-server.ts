import { afterAll, beforeAll } from "vitest";
import { createStorage, type ServerProcess, type Storage, startProcess } from "./process.ts";
import type { Engine } from "./service.ts";

const startMillisecondsMax = 120_000;

/**
 * Starts a server on a storage of its own before the tests of a file or a describe, and ends both after them. What is
 * given can be used in tests, and in the hooks that come later.
 */
export function startBeforeAll(
  engine: Engine,
  flags: readonly string[] = [],
  create: () => Promise<Storage> = () => createStorage(engine),
): { readonly server: ServerProcess; readonly storage: Storage } {
  let started: { readonly server: ServerProcess; readonly storage: Storage } | undefined;
  beforeAll(async () => {
    const storage = await create();
    started = { storage, server: await startProcess([...storage.flags, ...flags]) };
  }, startMillisecondsMax);
  afterAll(async () => {
    await started?.server[Symbol.asyncDispose]();
    await started?.storage[Symbol.asyncDispose]();
  });
  const now = () => {
    if (started === undefined) throw new Error("The server is started before the first test, and not earlier.");
    return started;
  };
  return { server: serverOf(() => now().server), storage: storageOf(() => now().storage) };
}

function serverOf(now: () => ServerProcess): ServerProcess {
  return {
    get banner() {
      return now().banner;
    },
    get origins() {
      return now().origins;
    },
    get token() {
      return now().token;
    },
    send: (method, path, body) => now().send(method, path, body),
    end: (signal) => now().end(signal),
    signal: (signal) => now().signal(signal),
    [Symbol.asyncDispose]: () => now()[Symbol.asyncDispose](),
  };
}

function storageOf(now: () => Storage): Storage {
  return {
    get flags() {
      return now().flags;
    },
    get directory() {
      return now().directory;
    },
    open: () => now().open(),
    [Symbol.asyncDispose]: () => now()[Symbol.asyncDispose](),
  };
}
