import { TenantryError } from "./errors.ts";
import { newRepeatability, repeatabilityHeaders } from "./retrying.ts";
import { type Answer, checked, type Send, type Sending } from "./send.ts";

/** How the requests of a batch belong together. */
export interface BatchOptions {
  /** All of them happen, or none. They must then fit into one batch of the service. By default false. */
  readonly atomic?: boolean;
  /** Ends the batches that are under way. */
  readonly signal?: AbortSignal;
}

const requestsMax = 20;

/** A request that waits for its batch. */
interface Waiting {
  readonly sending: Sending;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface BatchAnswers {
  readonly responses: readonly {
    readonly id: string;
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    /** Its type is that which the request asks for. */
    readonly body: never;
  }[];
}

/** Sends together, as `$batch`, what is asked for in one turn; `send` sends the batch. */
export function batching(send: Send, { atomic = false, signal }: BatchOptions): Send {
  let waiting: Waiting[] = [];
  const flush = () => {
    const size = atomic ? waiting.length : requestsMax;
    for (let start = 0; start < waiting.length; start += size) {
      void sendTogether(send, waiting.slice(start, start + size), { atomic, signal });
    }
    waiting = [];
  };
  return (sending) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setTimeout(flush);
      waiting.push({ sending, resolve, reject });
    });
}

async function sendTogether(
  send: Send,
  waiting: readonly Waiting[],
  { atomic, signal }: { readonly atomic: boolean; readonly signal: AbortSignal | undefined },
): Promise<void> {
  try {
    const shared = atomic ? repeatabilityHeaders(newRepeatability()) : {};
    const requests = waiting.map(({ sending: { method, path, headers, body } }, index) => ({
      id: String(index + 1),
      method,
      url: path,
      headers: { ...headers, ...shared, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body }),
      ...(atomic ? { atomicityGroup: "all" } : {}),
    }));
    const answer = await send({ method: "POST", path: "/$batch", body: { requests }, signal });
    const { responses } = answer.json<BatchAnswers>();
    for (const [index, one] of waiting.entries()) settle(one, String(index + 1), responses);
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}

function settle({ sending, resolve, reject }: Waiting, id: string, responses: BatchAnswers["responses"]): void {
  try {
    const found = responses.find((each) => each.id === id);
    if (found === undefined) throw new TenantryError(`The batch does not answer ${sending.method} ${sending.path}.`);
    const { status, headers = {}, body } = found;
    resolve(checked(sending, { status, headers: new Headers(headers), json: () => body }));
  } catch (error) {
    reject(error);
  }
}
