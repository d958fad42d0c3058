import type { Configuration } from "../config.ts";
import { exitCodes } from "../failures.ts";
import { type Format, printRows, styled } from "../output.ts";
import { examineDatabase } from "./database.ts";
import { type Finding, good } from "./finding.ts";
import { examineIssuers } from "./issuers.ts";
import { examineProvisioner } from "./provisioner.ts";

/** Tokens are believed this much before and after their time, and keys of repeatability as long before theirs. */
const clockSecondsMax = 30;

/** Examines everything that a server on this configuration needs, and says what to do about what is wrong. */
export async function doctor(configuration: Configuration, output: Format): Promise<void> {
  const [database, issuers, provisioner] = await Promise.all([
    examineDatabase(configuration),
    examineIssuers(configuration),
    examineProvisioner(configuration),
  ]);
  const clock = examineClock(database.clock ?? issuers.clock);
  const findings = [...database.findings, clock, ...issuers.findings, provisioner];
  if (output === "table") process.stdout.write(findings.map(printFinding).join(""));
  else await printRows(findings, output, ["what", "state", "found", "advice"]);
  if (findings.some(({ state }) => state === "fault")) process.exitCode = exitCodes.failed;
}

const styles = { good: "green", warning: "yellow", fault: "red", unknown: "dim" } as const;

/** A finding as people read it: sentences of any length would tear a table apart. */
function printFinding({ what, state, found, advice }: Finding): string {
  const head = `${styled(styles[state], state.padEnd(7))}  ${styled("bold", what)}: ${found}\n`;
  return advice === "" ? head : `${head}         ${advice}\n`;
}

function examineClock(other: Date | undefined): Finding {
  const what = "clock";
  if (other === undefined) {
    const advice = "With PostgreSQL or an issuer there is another clock to compare with.";
    return { what, state: "unknown", found: new Date().toISOString(), advice };
  }
  const seconds = Math.round((Date.now() - other.getTime()) / 1000);
  if (Math.abs(seconds) <= clockSecondsMax) return good(what, `within ${clockSecondsMax} seconds of the other's`);
  const found = `${Math.abs(seconds)} seconds ${seconds > 0 ? "ahead" : "behind"}`;
  return { what, state: "fault", found, advice: "Let this machine keep time (NTP): tokens are refused otherwise." };
}
