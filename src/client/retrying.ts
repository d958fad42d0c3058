import { ConnectionError, ServiceError } from "./errors.ts";
import type { Send, Sending } from "./send.ts";

/** By what a writing request is known again when it is sent once more (OASIS Repeatable Requests 1.0). */
export interface Repeatability {
  readonly requestId: string;
  /** When it was sent for the first time. */
  readonly firstSent: Date;
}

const pauseMillisecondsMin = 500;
const pauseMillisecondsMax = 30_000;
const retryAfterSecondsMax = 120;
const passing: readonly number[] = [429, 502, 503, 504];

/**
 * Sends again what failed in passing, after the time that the service asks for or a growing one. Writing requests have
 * a key, so that the service carries them out once however often they come.
 */
export function retrying(send: Send, attemptsMax: number): Send {
  return async (sending) => {
    const known = withKey(sending);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send(known);
      } catch (error) {
        const milliseconds = attempt < attemptsMax ? pauseOf(known, error, attempt) : undefined;
        if (milliseconds === undefined) throw error;
        await pause(milliseconds, sending.signal);
      }
    }
  };
}

/** Waits. It ends at once with the reason of a signal that is given. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Prints the headers by which a request is known again. */
export function repeatabilityHeaders({ requestId, firstSent }: Repeatability): Readonly<Record<string, string>> {
  return { "Repeatability-Request-ID": requestId, "Repeatability-First-Sent": firstSent.toUTCString() };
}

/** Makes a key that no other request has: a UUID of version 4. */
export function newRepeatability(): Repeatability {
  // Not randomUUID: browsers have it in secure contexts alone.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = "89ab"[(bytes[8] ?? 0) & 3];
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return { requestId: [...parts, hex.slice(20)].join("-"), firstSent: new Date() };
}

function withKey(sending: Sending): Sending {
  const hasKey = sending.headers?.["Repeatability-Request-ID"] !== undefined;
  if (sending.method === "GET" || sending.path === "/$batch" || hasKey) return sending;
  return { ...sending, headers: { ...sending.headers, ...repeatabilityHeaders(newRepeatability()) } };
}

/** How long to wait before the next attempt; undefined: there is no use in one. */
function pauseOf({ path }: Sending, error: unknown, attempt: number): number | undefined {
  if (!isPassing(error)) return undefined;
  // A batch that failed as a whole was tried again as a whole: its requests are not tried again one by one.
  if (error.path !== path) return undefined;
  const asked = error instanceof ServiceError ? error.retryAfterSeconds : undefined;
  if (asked !== undefined) return asked <= retryAfterSecondsMax ? asked * 1000 : undefined;
  // A random share, so that clients that failed together do not come back together.
  const longest = Math.min(pauseMillisecondsMin * 2 ** (attempt - 1), pauseMillisecondsMax);
  return longest * (0.5 + Math.random() / 2);
}

function isPassing(error: unknown): error is ConnectionError | ServiceError {
  if (error instanceof ConnectionError) return true;
  // The first of two is still under way when the answer to it was lost.
  return error instanceof ServiceError && (passing.includes(error.status) || error.code === "requestInProgress");
}
