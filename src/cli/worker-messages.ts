/** What a worker says when it serves: what is printed for whoever has started it all. */
export interface Ready {
  readonly tenantry: "ready";
  readonly banner: string;
}

/** What a worker is told that is to end: it does so as if it had got a signal. */
export const leave = { tenantry: "leave" } as const;

/** Tells the message of a worker that serves from those of others. */
export function isReady(message: unknown): message is Ready {
  return kindOf(message) === "ready";
}

/** Tells the message that a worker is to end from those of others. */
export function isLeave(message: unknown): boolean {
  return kindOf(message) === leave.tenantry;
}

function kindOf(message: unknown): unknown {
  return typeof message === "object" && message !== null && "tenantry" in message ? message.tenantry : undefined;
}
