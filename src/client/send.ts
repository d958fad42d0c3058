import { ConnectionError, type Fault, ServiceError } from "./errors.ts";

/** How a client reaches its service. */
export interface ClientOptions {
  /** The root of the service, such as `https://tenantry.example/v1.0`. */
  readonly url: string;
  /** The bearer token, or what gives one; it is asked for before each attempt. */
  readonly token: string | (() => string | Promise<string>);
  /** How often a request is sent in all before its failure is told. By default 5. */
  readonly attemptsMax?: number;
  /** How long an attempt may take. By default 60 000. */
  readonly attemptMilliseconds?: number;
  /** What sends requests. By default the `fetch` of the platform. */
  readonly fetch?: typeof fetch;
}

/** A request to a path under the root of the service. */
export interface Sending {
  readonly method: string;
  /** It begins with a slash; or a link that the service gave. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** What the service answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Reads the body. That it is of the type which its path answers with is the service's word. */
  json<T>(): T;
}

/** Sends a request. An answer of 400 and above is a ServiceError, none at all a ConnectionError. */
export type Send = (sending: Sending) => Promise<Answer>;

/** Sends requests over the network, each once. */
export function sender(options: ClientOptions): Send {
  const root = options.url.replace(/\/+$/, "");
  const { origin } = new URL(root);
  return async ({ method, path, body, headers, signal }) => {
    // The token goes to no other place than the one it is for, whatever a link says.
    const url = path.startsWith("/") ? root + path : origin + pathOf(path);
    const timeout = AbortSignal.timeout(options.attemptMilliseconds ?? 60_000);
    const token = typeof options.token === "string" ? options.token : await options.token();
    const hasBody = body !== undefined;
    const response = await attempt(options.fetch ?? fetch, url, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: "application/json",
        ...(hasBody ? { "Content-Type": "application/json" } : {}),
        ...headers,
      },
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
    }).catch((error: unknown) => {
      if (signal?.aborted === true) throw signal.reason;
      throw new ConnectionError(`${method} ${url} was not answered: ${reasonOf(error)}.`, {
        method,
        path,
        cause: error,
      });
    });
    return checked({ method, path }, response);
  };
}

/** Gives an answer, or throws what it refuses. */
export function checked(sending: Pick<Sending, "method" | "path">, answer: Answer): Answer {
  if (answer.status < 400) return answer;
  const { error } = readError(answer);
  const retryAfterSeconds = readRetryAfter(answer.headers);
  const requestId = answer.headers.get("request-id");
  throw new ServiceError({
    ...sending,
    ...error,
    status: answer.status,
    code: (error.innerError ?? error.innererror)?.code ?? error.code,
    ...(requestId === null ? {} : { requestId }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Reads how long an answer asks to wait: seconds, or a date (RFC 9110 section 10.2.3). */
export function readRetryAfter(headers: Headers): number | undefined {
  const text = headers.get("Retry-After");
  if (text === null) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

interface ErrorBody {
  readonly error: Fault & {
    readonly details?: readonly Fault[];
    readonly innerError?: { readonly code: string };
    /** As OASIS spells it. */
    readonly innererror?: { readonly code: string };
  };
}

// The body is read within the attempt: a connection can break in the middle of it.
async function attempt(fetchOnce: typeof fetch, url: string, init: RequestInit): Promise<Answer> {
  const response = await fetchOnce(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: () => JSON.parse(text) };
}

// What stands before the service, such as a proxy, answers in words of its own.
function readError(answer: Answer): ErrorBody {
  const unknown = { error: { code: "unknown", message: `The service answered ${answer.status} without a reason.` } };
  try {
    const body = answer.json<Partial<ErrorBody> | null>();
    return body?.error === undefined ? unknown : { error: body.error };
  } catch {
    return unknown;
  }
}

function pathOf(link: string): string {
  const { pathname, search } = new URL(link);
  return pathname + search;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
