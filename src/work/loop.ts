import type { Operation } from "../model/customer-creation-operation.ts";
import { later } from "../onboarding/operation.ts";
import { carryOn } from "../onboarding/provisioning.ts";
import type { Worker } from "../onboarding/steps.ts";
import { claimOperations, renewLeases } from "../store/claim.ts";
import { inSpan } from "../telemetry/trace.ts";
import { purger } from "./purge.ts";

/** The work loop of a process. */
export interface Loop {
  /** Looks for work now instead of at the next poll. */
  nudge(): void;
  /** Stops after the work in hand. */
  close(): Promise<void>;
}

/** A worker before it has claimed anything. */
type LoopWorker = Omit<Worker, "leaseOwner">;

/** Starts to claim operations that have something due and to carry them on, until it is closed. */
export function startLoop(worker: LoopWorker): Loop {
  const { context } = worker;
  const { limits } = context;
  /** The operations in hand. One that takes long holds up none of the others. */
  const busy = new Map<Operation, Promise<void>>();
  let closing = false;
  let nudged = false;
  let wake: () => void = () => undefined;
  const purge = purger(context);

  const nudge = () => {
    nudged = true;
    wake();
  };

  async function rest(): Promise<void> {
    if (nudged || closing) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limits.pollMilliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!closing) {
      nudged = false;
      const claimed = await claim(worker, limits.operationsClaimedMax - busy.size);
      for (const operation of claimed) {
        const work = carry(worker, operation).finally(() => {
          busy.delete(operation);
          nudge();
        });
        busy.set(operation, work);
      }
      await purge();
      if (claimed.length === 0 || busy.size >= limits.operationsClaimedMax) await rest();
    }
  }

  const renewal = setInterval(() => void renew(worker, [...busy.keys()]), (limits.leaseSeconds * 1000) / 3);
  const running = run();
  return {
    nudge,
    async close() {
      closing = true;
      wake();
      await running;
      await Promise.all(busy.values());
      clearInterval(renewal);
    },
  };
}

// Whatever goes wrong with the database, the loop goes on: the next round tries again.
async function claim({ context }: LoopWorker, limit: number): Promise<readonly Operation[]> {
  if (limit <= 0) return [];
  const now = context.clock();
  const leaseExpirationDateTime = later(now, context.limits.leaseSeconds);
  try {
    // A new owner each time: a process that was suspended may claim what it has in hand still, and only one may write.
    const owner = context.newId();
    return await claimOperations(context.database, { owner, now, leaseExpirationDateTime, limit });
  } catch (error) {
    context.log.error({ err: error }, "the work loop could not claim operations");
    return [];
  }
}

// What fails here is the writing of a step: the lease ends, and another round takes the operation up where it was.
async function carry(worker: LoopWorker, operation: Operation): Promise<void> {
  try {
    // The request that asked for it has long been answered; in its trace the work goes on.
    const { traceParent, id } = operation;
    const attributes = { "tenantry.operation_id": id };
    await inSpan(`${operation.work} operation`, { kind: "consumer", attributes, traceParent }, () =>
      carryOn({ ...worker, leaseOwner: operation.leaseOwner ?? "" }, operation),
    );
  } catch (error) {
    worker.context.log.error({ operationId: operation.id, err: error }, "an operation could not be carried on");
  }
}

// A stage may take longer than a lease: while its worker lives, no other takes the operation over.
async function renew({ context }: LoopWorker, operations: readonly Operation[]): Promise<void> {
  if (operations.length === 0) return;
  try {
    const expiration = later(context.clock(), context.limits.leaseSeconds);
    await renewLeases(context.database, operations, expiration);
  } catch (error) {
    context.log.error({ err: error }, "the work loop could not renew its leases");
  }
}
