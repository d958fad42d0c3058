import { type Complaint, Problem } from "../model/problem.ts";
import { type DomainHold, findHolds } from "../store/domains.ts";
import type { Context } from "./offer.ts";

const labelPattern = /^[a-z0-9]{1,27}$/;

/** Gives the one spelling of a domain that is stored and compared. Letters beyond ASCII stay: they are refused. */
export function canonicalDomain(domain: string): string {
  const trimmed = domain.trim();
  return /[A-Z]/.test(trimmed) ? trimmed.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : trimmed;
}

/** Says what is wrong with a domain, if one is given and anything is. */
export function complainAboutDomain(
  context: Pick<Context, "domainSuffixes">,
  given: unknown,
  target: string,
): readonly Complaint[] {
  if (typeof given !== "string") return [];
  const domain = canonicalDomain(given);
  const suffixes = context.domainSuffixes.map((suffix) => `.${suffix}`);
  const suffix = suffixes.find((each) => domain.endsWith(each));
  if (suffix === undefined) {
    const wanted = suffixes.join(" or ");
    return [{ code: "domainSuffixNotAllowed", message: `The domain '${domain}' must end with ${wanted}.`, target }];
  }
  if (labelPattern.test(domain.slice(0, -suffix.length))) return [];
  const message =
    `The domain '${domain}' is malformed: before ${suffix} stand 1 to 27 characters, ` +
    `each a letter a-z or a digit, such as contoso${suffix}.`;
  return [{ code: "invalidDomainFormat", message, target }];
}

/** Says why a domain could not be reserved; when only a reservation stands in the way, also when to ask again. */
export async function domainTaken(context: Context, domain: string, target: string): Promise<Problem> {
  const now = context.clock();
  const hold = (await findHolds(context.database, [domain], now)).get(domain);
  const { code, message } = complainAboutHold(hold, domain, target);
  if (code === "domainAlreadyInUse") return new Problem(code, message, { target });
  // A reservation that ended between the attempt and now is gone already.
  const seconds = (Date.parse(hold?.expirationDateTime ?? now) - Date.parse(now)) / 1000;
  return new Problem(code, message, { target, headers: { "Retry-After": String(Math.max(1, Math.ceil(seconds))) } });
}

/** The fault of a domain that is held: for good, or by a reservation. */
export function complainAboutHold(hold: DomainHold | undefined, domain: string, target: string): Complaint {
  if (hold !== undefined && hold.expirationDateTime === null) {
    const message = `The domain '${domain}' is already in use. Choose another.`;
    return { code: "domainAlreadyInUse", message, target };
  }
  const message = `The domain '${domain}' is reserved by another operation. Choose another, or try again when the reservation has ended.`;
  return { code: "domainReserved", message, target };
}
