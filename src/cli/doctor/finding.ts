/** What an examination came to. */
export interface Finding {
  readonly what: string;
  readonly state: "good" | "warning" | "fault" | "unknown";
  readonly found: string;
  /** What to do about it; nothing when all is well. */
  readonly advice: string;
}

/** Makes a finding of what there is nothing to do about. */
export function good(what: string, found: string): Finding {
  return { what, state: "good", found, advice: "" };
}

/** Says in one line why something failed. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error && error.cause.message !== "" ? ` (${error.cause.message})` : "";
  return error.message + cause;
}
