import { type Complaint, Problem } from "../model/problem.ts";
import { findDomainHold } from "../store/domains.ts";
import type { Context } from "./offer.ts";

const labelPattern = /^[a-z0-9]{1,27}$/;

/** Gives the one spelling of a domain that is stored and compared. Letters beyond ASCII stay: they are refused. */
export function canonicalDomain(domain: string): string {
  return domain.trim().replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
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

/** Says why a domain could not be reserved. */
export async function domainTaken(context: Context, domain: string, target: string): Promise<Problem> {
  const hold = await findDomainHold(context.database, domain);
  if (hold !== undefined && hold.expirationDateTime === null) {
    return new Problem("domainAlreadyInUse", `The domain '${domain}' is already in use. Choose another.`, {
      target,
    });
  }
  return new Problem(
    "domainReserved",
    `The domain '${domain}' is reserved by another operation. Choose another, or try again when the reservation has ended.`,
    { target },
  );
}
