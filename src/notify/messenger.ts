import { lookup as lookUp } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { performance } from "node:perf_hooks";
import type { Message, Messenger, Outcome } from "../onboarding/messenger.ts";
import { failSpan, inSpan, traceHeaders } from "../telemetry/trace.ts";
import { isLoopback, isReachable, type Reach } from "./addresses.ts";
import { complainAboutUrl, hostOf } from "./receiver-url.ts";

/** An address as the resolver gives it. */
interface Address {
  readonly address: string;
  readonly family: number;
}

/** Gives every address of a host. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

/** More of an answer is not read: a receiver has nothing to say but its status, and a token of some hundred bytes. */
const answerBytesMax = 16_384;

/**
 * Makes the messenger that sends requests to receivers. A host is resolved once for each request; every one of its
 * addresses must be within reach, and the connection is made to one of those: what the name leads to a moment later does
 * not matter. Redirects are not followed, and neither time nor answer is without bound.
 */
export function openMessenger(
  reach: Reach,
  resolve: Resolve = (host) => lookUp(host, { all: true, verbatim: true }),
): Messenger {
  return {
    complainAbout: (url) => complainAboutUrl(url, reach),
    post: (message) =>
      watched(async () => {
        const begun = performance.now();
        const milliseconds = () => Math.round(performance.now() - begun);
        const signal = AbortSignal.timeout(message.secondsMax * 1000);
        try {
          const url = new URL(message.url);
          const fault = complainAboutUrl(message.url, reach);
          if (fault !== undefined) throw new Unreachable(`The URL ${fault}.`);
          const addresses = await within(signal, reachableAddresses(url, reach, resolve));
          const answer = await request(url, addresses, message, signal);
          return { kind: "answered", ...answer, milliseconds: milliseconds() };
        } catch (error) {
          if (signal.aborted) return { kind: "timedOut", milliseconds: milliseconds() };
          return { kind: "failed", reason: reasonOf(error), milliseconds: milliseconds() };
        }
      }),
  };
}

/** Sends a message within a span, which tells nothing of where it goes: that may be a secret of the receiver. */
function watched(post: () => Promise<Outcome>): Promise<Outcome> {
  return inSpan("POST", { kind: "client", attributes: { "http.request.method": "POST" } }, async (span) => {
    const outcome = await post();
    if (outcome.kind === "answered") span.setAttribute("http.response.status_code", outcome.status);
    else failSpan(span, outcome.kind);
    return outcome;
  });
}

/** A receiver that no message is sent to. */
class Unreachable extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Unreachable";
  }
}

async function reachableAddresses(url: URL, reach: Reach, resolve: Resolve): Promise<readonly Address[]> {
  const host = hostOf(url);
  const family = isIP(host);
  const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
  const allowed = addresses.every(({ address }) => isReachable(address, reach));
  const secured = url.protocol === "https:" || addresses.every(({ address }) => isLoopback(address));
  if (addresses.length > 0 && allowed && secured) return addresses;
  throw new Unreachable("The host leads to an address that is not public.");
}

type Answered = Pick<Outcome & { readonly kind: "answered" }, "status" | "contentType" | "body">;

function request(
  url: URL,
  addresses: readonly Address[],
  { contentType, body, tlsVersion }: Message,
  signal: AbortSignal,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const options: https.RequestOptions = {
      method: "POST",
      signal,
      lookup: answerWith(addresses),
      // A connection that is kept may end in the moment in which it is used: that would look like a failure.
      agent: false,
      minVersion: "TLSv1.2",
      maxVersion: tlsVersion === "v1_3" ? "TLSv1.3" : "TLSv1.2",
      headers: {
        "Content-Type": contentType,
        "Content-Length": Buffer.byteLength(body),
        "User-Agent": "Tenantry",
        Connection: "close",
        ...traceHeaders(),
      },
    };
    const read = (response: http.IncomingMessage) => readAnswer(response).then(resolve, reject);
    const sent = url.protocol === "https:" ? https.request(url, options, read) : http.request(url, options, read);
    sent.on("error", reject);
    sent.end(body);
  });
}

async function readAnswer(response: http.IncomingMessage): Promise<Answered> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > answerBytesMax) break;
  }
  response.destroy();
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers["content-type"] ?? "",
    body: Buffer.concat(chunks).subarray(0, answerBytesMax).toString("utf8"),
  };
}

/** Stands for the resolver of a connection: it knows only what was checked. */
function answerWith(addresses: readonly Address[]): LookupFunction {
  const [first] = addresses;
  return (_host, options, callback) => {
    if (options.all === true) callback(null, [...addresses]);
    else if (first !== undefined) callback(null, first.address, first.family);
  };
}

function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

// Of a failure of the network only its code is told: its message names addresses.
function reasonOf(error: unknown): string {
  if (error instanceof Unreachable) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return `The receiver could not be reached (${code}).`;
}
