import fc from "fast-check";
import { expect, test } from "vitest";
import { beginLives, lifeCommands, settle } from "../support/life-commands.ts";
import { newLifeWorld, startLifeService } from "../support/life-service.ts";

const sequences = { sqlite: 2_000, postgres: 100 };
const commandsMax = 25;

// Requests, faults, deaths and jumps of the clock in any order, against a small model of what must come of them.
test.each(["sqlite", "postgres"] as const)(
  "whatever is asked, breaks or takes its time on %s, an operation is where it ought to be, and no domain stays held",
  { timeout: 300_000 },
  async (engine) => {
    await using real = await startLifeService(engine);
    const step = fc.asyncProperty(
      fc.commands(lifeCommands, { maxCommands: commandsMax, size: "max" }),
      async (commands) => {
        const world = await newLifeWorld(real);
        await beginLives(world);
        await fc.asyncModelRun(() => ({ model: world, real: world }), commands);
        await settle(world);
      },
    );

    const details = await fc.check(step, { numRuns: sequences[engine] });

    expect(details.failed, fc.defaultReportMessage(details) ?? "").toBe(false);
    expect(details.numRuns).toBe(sequences[engine]);
  },
);
