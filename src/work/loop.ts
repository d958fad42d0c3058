import { later } from "../onboarding/operation.ts";
import { carryOn, type Worker } from "../onboarding/provisioning.ts";
import { claimOperations } from "../store/claim.ts";

/** The work loop of a process. */
export interface Loop {
  /** Looks for work now instead of at the next poll. */
  nudge(): void;
  /** Stops after the work in hand. */
  close(): Promise<void>;
}

/** Starts to claim operations that have something due and to carry them on, until it is closed. */
export function startLoop(worker: Worker): Loop {
  const { context } = worker;
  let closing = false;
  let nudged = false;
  let wake: () => void = () => undefined;

  async function rest(): Promise<void> {
    if (nudged || closing) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, context.limits.pollMilliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!closing) {
      nudged = false;
      const found = await round(worker);
      if (!found) await rest();
    }
  }

  const running = run();
  return {
    nudge() {
      nudged = true;
      wake();
    },
    async close() {
      closing = true;
      wake();
      await running;
    },
  };
}

// Whatever goes wrong with one operation or with the database, the loop goes on: the lease ends and another round tries.
async function round(worker: Worker): Promise<boolean> {
  const { context, leaseOwner } = worker;
  try {
    const now = context.clock();
    const operations = await claimOperations(context.database, {
      owner: leaseOwner,
      now,
      leaseExpirationDateTime: later(now, context.limits.leaseSeconds),
      limit: context.limits.operationsClaimedMax,
    });
    await Promise.all(
      operations.map((operation) =>
        carryOn(worker, operation).catch((error: unknown) => {
          context.log.error({ operationId: operation.id, err: error }, "an operation could not be carried on");
        }),
      ),
    );
    return operations.length > 0;
  } catch (error) {
    context.log.error({ err: error }, "the work loop could not claim operations");
    return false;
  }
}
