import { ProvisioningFailure } from "../onboarding/provisioner.ts";

/** What is sent to a provisioner outside. */
export interface Sending {
  readonly method: "GET" | "HEAD" | "POST" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly secondsMax: number;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What the body says in JSON, undefined where it says nothing. */
  readonly json: unknown;
  /** How long the other side wants to be left alone. */
  readonly retrySeconds: number | undefined;
}

const answerBytesMax = 1_000_000;

/** Sends a request and reads the answer. No answer, whatever the reason, is a failure that may pass. */
export async function exchange(url: URL, { secondsMax, ...sending }: Sending): Promise<Answer> {
  try {
    // A redirect could lead a signed request or a token to somebody else.
    const response = await fetch(url, {
      ...sending,
      redirect: "error",
      signal: AbortSignal.timeout(secondsMax * 1000),
    });
    const text = await readText(response);
    const { status, headers } = response;
    return { status, headers, json: parseJson(text), retrySeconds: parseRetryAfter(headers.get("retry-after")) };
  } catch (error) {
    throw new ProvisioningFailure(`${sending.method} ${url.origin}${url.pathname} was not answered.`, {
      passing: true,
      cause: error,
    });
  }
}

// No more is read than may be kept: the other side decides how much it sends.
async function readText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > answerBytesMax) throw new Error(`The answer is longer than ${answerBytesMax} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    // Partner Center begins some answers with a byte order mark.
    return text === "" ? undefined : JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}

// RFC 9110 section 10.2.3: seconds, or a date.
function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,6}$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
