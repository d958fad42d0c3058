import type { Choice } from "./kinds.ts";

/**
 * The member of an evolvable enumeration that stands for all that were added later (Microsoft Graph guidelines, evolvable
 * enumerations). Those stand behind it, and are shown to clients only that say they are prepared for them.
 */
export const sentinel = "unknownFutureValue";

/** The members that a client is prepared for: those before the sentinel, or all. */
export type Members = "known" | "all";

/** The members that a client may name as the value of a property. */
export function namedMembers({ members: all }: Choice, members: Members): readonly string[] {
  const end = members === "known" && all.includes(sentinel) ? all.indexOf(sentinel) : all.length;
  return all.slice(0, end).filter((member) => member !== sentinel);
}

/** The members that are shown as the sentinel. */
export function maskedMembers({ members: all }: Choice, members: Members): readonly string[] {
  return members === "known" && all.includes(sentinel) ? all.slice(all.indexOf(sentinel) + 1) : [];
}

/** Gives a member as it is shown. */
export function maskMember(choice: Choice, member: string, members: Members): string {
  // Most enumerations end with the sentinel, and nothing of them is ever masked.
  if (members === "all" || choice.members.at(-1) === sentinel) return member;
  return maskedMembers(choice, members).includes(member) ? sentinel : member;
}
