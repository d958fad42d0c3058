import { checkDomainAvailability } from "../model/domain-availability.ts";
import { findHolds } from "../store/domains.ts";
import { canonicalDomain, complainAboutDomain, complainAboutHold } from "./domain.ts";
import type { Context, Result, Task } from "./offer.ts";

/** Says whether a domain can be reserved, and names three that can be when it cannot. Who holds it is not said (D9). */
export async function answerAvailability(task: Task): Promise<Result> {
  const { context } = task;
  const domain = canonicalDomain(task.keys["domain"] ?? "");
  const refusal = await refusalOf(context, domain);
  const value = {
    domain,
    availability: refusal?.availability ?? "available",
    code: refusal?.code ?? null,
    message: refusal?.message ?? null,
    alternatives: refusal === undefined ? [] : await findAlternatives(context, domain),
  };
  return { kind: "value", type: checkDomainAvailability.returns.kind.type, value };
}

async function refusalOf(context: Context, domain: string) {
  const [complaint] = complainAboutDomain(context, domain, "domain");
  if (complaint !== undefined) return { availability: "invalid", code: complaint.code, message: complaint.message };
  const hold = (await findHolds(context.database, [domain], context.clock())).get(domain);
  if (hold === undefined) return undefined;
  const { code, message } = complainAboutHold(hold, domain, "domain");
  return { availability: code === "domainReserved" ? "reserved" : "inUse", code, message };
}

const alternativesMax = 3;
const labelLengthMax = 27;
const endings = [
  "hq",
  "group",
  "online",
  "cloud",
  "global",
  "team",
  "one",
  "co",
  "2",
  "3",
  "4",
  "5",
  "6",
  "7",
  "8",
  "9",
];

/** Finds domains that are free and resemble one that is not; those at the end of the list are free in all likelihood. */
async function findAlternatives(context: Context, domain: string): Promise<readonly string[]> {
  const [label = "", ...others] = domain.split(".");
  const suffix = context.domainSuffixes.find((each) => each === others.join(".")) ?? context.domainSuffixes[0] ?? "";
  const plain = label.normalize("NFD").replaceAll(/[^a-z0-9]/g, "") || "customer";
  const chance = Array.from({ length: alternativesMax }, () => context.newId().slice(-6));
  const candidates = ["", ...endings, ...chance].map(
    (ending) => `${plain.slice(0, labelLengthMax - ending.length)}${ending}.${suffix}`,
  );
  const held = await findHolds(context.database, candidates, context.clock());
  return candidates.filter((each) => each !== domain && !held.has(each)).slice(0, alternativesMax);
}
