import type { Worker } from "node:cluster";
import { once } from "node:events";
import type { Logger } from "pino";
import { isReady, leave } from "./worker-messages.ts";

const steadyMilliseconds = 10_000;
const pauseMillisecondsMin = 250;
const pauseMillisecondsMax = 30_000;

/** The workers of a server, each a process. */
export interface Crew {
  /** Starts one that must serve. Gives what it prints then, or undefined when it ends before. */
  begin(): Promise<string | undefined>;
  /** Starts one more, and another one whenever it dies. Waits until it serves, or has died for the first time. */
  add(): Promise<void>;
  /** Replaces one after the other; each is told to leave when another one serves in its place. */
  renew(): Promise<void>;
  /** Tells all to leave, and waits until they have. */
  close(): Promise<void>;
}

/** A worker, and what it prints when it serves; undefined: it has ended before. */
interface Started {
  readonly worker: Worker;
  readonly ready: Promise<string | undefined>;
}

/** Makes a crew of the workers that a function starts. */
export function openCrew(fork: () => Worker, log: Logger): Crew {
  const alive = new Set<Worker>();
  // Those that are to go on: when one of them ends, it has died.
  const wanted = new Set<Worker>();
  let pauseMilliseconds = 0;
  let isClosing = false;
  let isRenewing = false;

  function start(): Started {
    const worker = fork();
    const began = performance.now();
    alive.add(worker);
    const { promise: ready, resolve } = Promise.withResolvers<string | undefined>();
    worker.on("message", (message: unknown) => {
      if (isReady(message)) resolve(message.banner);
    });
    worker.once("exit", (code: number, signal: string) => {
      alive.delete(worker);
      resolve(undefined);
      if (wanted.delete(worker) && !isClosing) replace(worker, performance.now() - began, { code, signal });
    });
    return { worker, ready };
  }

  // At once when it had lived for a while; else ever later, so that what dies at its start does not take all the time.
  function replace(worker: Worker, lived: number, how: { readonly code: number; readonly signal: string }): void {
    const longer = Math.min(pauseMillisecondsMax, Math.max(pauseMillisecondsMin, pauseMilliseconds * 2));
    pauseMilliseconds = lived >= steadyMilliseconds ? 0 : longer;
    log.error({ workerPid: worker.process.pid, ...how, pauseMilliseconds }, "a worker died and is replaced");
    setTimeout(() => void add(), pauseMilliseconds);
  }

  async function add(): Promise<void> {
    if (isClosing) return;
    const { worker, ready } = start();
    wanted.add(worker);
    if ((await ready) !== undefined) log.info({ workerPid: worker.process.pid }, "a worker serves");
  }

  async function begin(): Promise<string | undefined> {
    const { worker, ready } = start();
    const banner = await ready;
    if (banner !== undefined) wanted.add(worker);
    return banner;
  }

  async function replaceEach(): Promise<"all" | "none of the rest"> {
    for (const old of [...wanted]) {
      if (isClosing || (await begin()) === undefined) return "none of the rest";
      // One that has died meanwhile is being replaced already.
      if (wanted.delete(old)) await dismiss(old);
    }
    return "all";
  }

  return {
    begin,
    add,
    async renew() {
      if (isRenewing) return;
      isRenewing = true;
      const replaced = await replaceEach();
      isRenewing = false;
      if (replaced === "all") log.info({}, "the workers were replaced");
      else log.error({}, "a new worker did not start, and the others go on");
    },
    async close() {
      isClosing = true;
      await Promise.all([...alive].map(dismiss));
    },
  };
}

async function dismiss(worker: Worker): Promise<void> {
  const ended = once(worker, "exit");
  if (worker.isConnected()) worker.send(leave);
  await ended;
}
