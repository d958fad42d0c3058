import { errors } from "jose";
import type { Trust } from "../../server/authenticate.ts";
import { issuerKeys } from "../../server/issuer-keys.ts";
import type { Configuration } from "../config.ts";
import { type Finding, good, reasonOf } from "./finding.ts";

/** Examines whether the keys of the issuers can be read, and gives the clock of one. */
export async function examineIssuers({
  trust,
  development,
}: Configuration): Promise<{ readonly findings: readonly Finding[]; readonly clock?: Date }> {
  const examined = await Promise.all(trust.map(examineIssuer));
  const clock = examined.find((each) => each.clock !== undefined)?.clock;
  const findings = examined.map(({ finding }) => finding);
  if (development) findings.push(examineDevelopment(trust.length > 0));
  return { findings, ...(clock === undefined ? {} : { clock }) };
}

async function examineIssuer({ issuer, keys }: Trust): Promise<{ readonly finding: Finding; readonly clock?: Date }> {
  let date: string | null = null;
  const watched = {
    now: Date.now,
    fetch: async (url: string, options: RequestInit) => {
      const response = await fetch(url, options);
      date ??= response.headers.get("date");
      return response;
    },
  };
  const jwksUrl = typeof keys === "object" && "jwksUrl" in keys ? keys.jwksUrl : undefined;
  const finding = await readKeys(issuer, async () => issuerKeys(issuer, jwksUrl, watched).getKey(anyHeader, anyToken));
  return { finding, ...(date === null ? {} : { clock: new Date(date) }) };
}

// No key has this name: that it is missing is known only when the others were read.
const anyHeader = { alg: "RS256", kid: "tenantry-doctor" } as const;
const anyToken = { payload: "", signature: "" } as const;

async function readKeys(issuer: string, getKey: () => Promise<unknown>): Promise<Finding> {
  const found = good("issuer", `the keys of ${issuer} can be read`);
  try {
    await getKey();
    return found;
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return found;
    const advice = "Check --issuer as the issuer itself spells it, --jwks-url, and the way there (proxy, firewall).";
    return { what: "issuer", state: "fault", found: `${issuer}: ${reasonOf(error)}`, advice };
  }
}

function examineDevelopment(hasIssuer: boolean): Finding {
  const found = "development mode: whoever can read the data directory can sign tokens";
  const advice = hasIssuer
    ? "Leave --dev away to believe the issuer alone."
    : "Set --issuer and --audience to serve others.";
  return { what: "issuer", state: "warning", found, advice };
}
