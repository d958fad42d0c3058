import { inSpan } from "../telemetry/trace.ts";
import type { Context } from "./offer.ts";
import { type ProvisioningStage, provisioningStages } from "./provisioner.ts";

/** Calls the provisioner for a stage, or to undo the stages, within a span and a limit of time, and counts what came of it. */
export async function watchedStage<T>(
  { limits, metrics }: Context,
  stage: ProvisioningStage | "undo",
  attempt: number,
  call: () => Promise<T>,
): Promise<T> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const attributes = { "tenantry.attempt": attempt };
  try {
    const made = await inSpan(stage, { kind: "internal", attributes }, () => inTime(limits.callSecondsMax, call()));
    const isPending = typeof made === "object" && made !== null && "pendingSeconds" in made;
    metrics.stageEnded(stage, isPending ? "pending" : "done", seconds());
    return made;
  } catch (error) {
    metrics.stageEnded(stage, "failed", seconds());
    throw error;
  }
}

/** Makes all stages at once within a span, and counts each of them with its share of the time, if they were made. */
export async function watchedStages({ metrics }: Context, make: () => Promise<boolean>): Promise<void> {
  const began = performance.now();
  if (!(await inSpan("all stages", { kind: "internal" }, make))) return;
  const seconds = (performance.now() - began) / 1000 / provisioningStages.length;
  for (const stage of provisioningStages) metrics.stageEnded(stage, "done", seconds);
}

/** Does what takes its time, and fails when it takes too long: a call that hangs must not hold an operation for ever. */
async function inTime<T>(secondsMax: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`There was no answer within ${secondsMax} seconds.`)),
    secondsMax * 1000,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
