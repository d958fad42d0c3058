import { texts } from "../texts.ts";

/** What is sent besides the path. */
interface Sending {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The API of the server, asked with the token of whoever is signed in. */
export interface Api {
  /** Sends a request to a path under `/v1.0` and gives whatever is answered; it throws only when nothing is. */
  send(path: string, sending?: Sending): Promise<Answer>;
  /** The same, but an answer that is a refusal is thrown as an ApiError. What it gives has the shape that is asked for. */
  read<T>(path: string, sending?: Sending): Promise<T>;
}

/** One fault in a refusal. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly target?: string | null;
}

/** A refusal of the API (Microsoft REST API Guidelines, error condition responses). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly faults: readonly Fault[];
  readonly requestId: string | null;
  /** After how many milliseconds the same may be sent again, when the server says so (RFC 9110 section 10.2.3). */
  readonly retryAfter: number | undefined;

  constructor(answer: Answer, error: Partial<Fault> & { readonly details?: readonly Fault[] }, innerCode?: string) {
    super(error.message ?? texts.answered(answer.status));
    this.name = "ApiError";
    this.status = answer.status;
    this.code = innerCode ?? error.code ?? String(answer.status);
    const { message, code } = this;
    const alone = { code, message, target: error.target ?? null };
    this.faults = error.details !== undefined && error.details.length > 0 ? error.details : [alone];
    this.requestId = answer.headers.get("request-id");
    const seconds = answer.headers.get("retry-after") ?? "";
    this.retryAfter = /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined;
  }
}

/** Makes the API for a token. `onRefusedToken` is called when the server does not believe the token any more. */
export function createApi(token: string, onRefusedToken: () => void): Api {
  const send: Api["send"] = async (path, { method = "GET", body, headers = {}, signal } = {}) => {
    const response = await fetch(`/v1.0${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: "application/json, text/plain;q=0.5",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status === 401) onRefusedToken();
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return {
    send,
    async read(path, sending) {
      const answer = await send(path, sending);
      if (answer.status >= 400) throw errorOf(answer);
      return answer.text === "" ? undefined : JSON.parse(answer.text);
    },
  };
}

/** Reads the refusal that an answer is. What stands before the server may answer something else than JSON. */
export function errorOf(answer: Answer): ApiError {
  try {
    const { error } = JSON.parse(answer.text);
    return new ApiError(answer, error, error.innerError?.code);
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) return new ApiError(answer, {});
    throw cause;
  }
}

/** A page of a collection. */
export interface Page<T> {
  readonly "@odata.context": string;
  readonly value: readonly T[];
  readonly "@odata.count"?: number;
}

/** The root of the service as the server itself calls it, at which its links begin (OData JSON Format section 10). */
export function rootOf(page: Page<unknown>): string {
  return page["@odata.context"].split("/$metadata")[0] ?? "";
}

/** Prints a text as a literal of OData (URL Conventions 4.01 section 5.1.1.6.1). */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Puts query options behind a path. */
export function withOptions(path: string, options: Readonly<Record<string, string | number | boolean>>): string {
  const printed = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return printed.length === 0 ? path : `${path}?${printed.join("&")}`;
}
