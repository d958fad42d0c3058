import type { Operation } from "../model/customer-creation-operation.ts";
import { later } from "../onboarding/operation.ts";
import { carryOn } from "../onboarding/provisioning.ts";
import type { Worker } from "../onboarding/steps.ts";
import { claimOperations, renewLeases } from "../store/claim.ts";
import { inSpan } from "../telemetry/trace.ts";
import { startNotifications } from "./notifications.ts";
import { purger } from "./purge.ts";
import { type Loop, startRounds } from "./rounds.ts";

export type { Loop } from "./rounds.ts";

// Whoever asks for something waits for it; the operation that it begins takes its time anyway (docs/decisions/0171).
const giveWayMilliseconds = 100;

/** A worker before it has claimed anything. */
type LoopWorker = Omit<Worker, "leaseOwner">;

/** Starts the work loop of a process: it carries operations on that have something due, and tells of changes. */
export function startLoop(worker: LoopWorker): Loop {
  const loops = [startOperations(worker), startNotifications(worker.context)];
  return {
    nudge() {
      for (const loop of loops) loop.nudge();
    },
    async close() {
      await Promise.all(loops.map((loop) => loop.close()));
    },
  };
}

function startOperations(worker: LoopWorker): Loop {
  const { limits } = worker.context;
  const purge = purger(worker.context);
  return startRounds<Operation>({
    pollMilliseconds: limits.pollMilliseconds,
    busyMax: limits.operationsClaimedMax,
    leaseSeconds: limits.leaseSeconds,
    giveWayMilliseconds,
    claim: (limit) => claim(worker, limit),
    carry: (operations) => operations.map((operation) => ({ items: [operation], done: carry(worker, operation) })),
    renew: (operations) => renew(worker, operations),
    afterRound: async () => ((await purge()) ? 0 : undefined),
  });
}

// Whatever goes wrong with the database, the loop goes on: the next round tries again.
async function claim({ context }: LoopWorker, limit: number): Promise<readonly Operation[]> {
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
  } finally {
    worker.context.nudge();
  }
}

async function renew({ context }: LoopWorker, operations: readonly Operation[]): Promise<void> {
  try {
    const expiration = later(context.clock(), context.limits.leaseSeconds);
    await renewLeases(context.database, operations, expiration);
  } catch (error) {
    context.log.error({ err: error }, "the work loop could not renew its leases");
  }
}
