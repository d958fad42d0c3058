import type { Configuration } from "../config.ts";
import { type Finding, good, reasonOf } from "./finding.ts";

const answerMillisecondsMax = 5_000;

/** Examines whether whoever makes the tenants can be reached. It is asked for nothing. */
export async function examineProvisioner({ provisioner }: Configuration): Promise<Finding> {
  if (provisioner.kind === "local") return good("provisioner", "local: tenants are records of Tenantry's own");
  const what = "provisioner";
  const { kind, url } = provisioner;
  try {
    const { status } = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(answerMillisecondsMax) });
    if (status < 500) return good(what, `${kind}: ${url} answers`);
    const advice = "Look at its own log; until it is well, operations wait and are tried again.";
    return { what, state: "fault", found: `${kind}: ${url} answers ${status}`, advice };
  } catch (error) {
    const advice = `Check --${kind === "http" ? "provisioner" : "partner-center"}-url, and the way there (proxy, firewall).`;
    return { what, state: "fault", found: `${kind}: ${url} was not reached: ${reasonOf(error)}`, advice };
  }
}
