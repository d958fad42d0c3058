import { constants, createDecipheriv, createHmac, type KeyObject, privateDecrypt, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";

/*
 * An example of a receiver of notifications (docs/notifications.md). It answers the handshake, believes only what bears
 * its secret, answers 202 before it does anything, takes each change once, and decrypts what comes encrypted. It keeps
 * what it has seen in memory; yours keeps it where it is safe.
 */

const bodyBytesMax = 4_000_000;

/** What a receiver knows of those who send to it. */
export interface Trust {
  /** The `clientState` that it subscribed with. */
  readonly clientState: string;
  /** Who signs validation tokens, where the keys are, and for which application: for notifications with data only. */
  readonly publisher?: { readonly issuer: string; readonly keys: URL; readonly audience: string };
  /** The private keys of its certificates, by their `encryptionCertificateId`. */
  readonly keys?: ReadonlyMap<string, KeyObject>;
}

/** One change, with the entity when it came along. */
export interface Change {
  readonly id: string;
  readonly changeType: string;
  readonly resource: string;
  readonly data?: unknown;
}

interface Notification extends Change {
  readonly clientState: string | null;
  readonly lifecycleEvent?: string;
  readonly encryptedContent?: EncryptedContent;
}

interface EncryptedContent {
  readonly data: string;
  readonly dataSignature: string;
  readonly dataKey: string;
  readonly encryptionCertificateId: string;
}

/** Starts a receiver on a port, which hands every change on once. */
export function startReceiver(port: number, trust: Trust, take: (change: Change) => void): Promise<Server> {
  const seen = new Set<string>();
  const keys = trust.publisher === undefined ? undefined : createRemoteJWKSet(trust.publisher.keys);

  // With data comes proof of who sends it; without, the secret is all there is.
  async function isSigned(tokens: readonly string[]): Promise<boolean> {
    if (trust.publisher === undefined || keys === undefined) return true;
    const { issuer, audience } = trust.publisher;
    for (const token of tokens) await jwtVerify(token, keys, { issuer, audience });
    return tokens.length > 0;
  }

  async function work(body: string): Promise<void> {
    const { value = [], validationTokens = [] }: { value?: Notification[]; validationTokens?: string[] } =
      JSON.parse(body);
    if (!(await isSigned(validationTokens))) return;
    for (const notification of value) {
      const { id, changeType, resource, clientState, lifecycleEvent, encryptedContent } = notification;
      // What does not bear the secret came from somebody else. What was seen already comes again after a failure.
      if (clientState !== trust.clientState || lifecycleEvent !== undefined || seen.has(id)) continue;
      seen.add(id);
      const data = encryptedContent === undefined ? {} : { data: decrypt(encryptedContent, trust.keys) };
      take({ id, changeType, resource, ...data });
    }
  }

  const server = createServer(async (request, response) => {
    const token = new URL(request.url ?? "/", "http://receiver.example").searchParams.get("validationToken");
    // The token goes back as it came, and as plain text: nobody can have a browser run it.
    if (token !== null) return answer(response, 200, token);
    const body = await readBody(request);
    if (body === undefined) return answer(response, 413, "");
    // The server waits three seconds and no longer: the answer comes before the work.
    answer(response, 202, "");
    return work(body).catch((error: unknown) => process.stderr.write(`A notification was not taken: ${error}\n`));
  });
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}

/** Decrypts the entity of a notification: the key first, then the signature, then the data. */
export function decrypt(content: EncryptedContent, keys: Trust["keys"]): unknown {
  const privateKey = keys?.get(content.encryptionCertificateId);
  if (privateKey === undefined) throw new Error(`No key is known for '${content.encryptionCertificateId}'.`);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const key = privateDecrypt({ key: privateKey, padding, oaepHash: "sha1" }, Buffer.from(content.dataKey, "base64"));
  const encrypted = Buffer.from(content.data, "base64");
  const signature = createHmac("sha256", key).update(encrypted).digest();
  const given = Buffer.from(content.dataSignature, "base64");
  if (signature.length !== given.length || !timingSafeEqual(signature, given)) throw new Error("It was tampered with.");
  const decipher = createDecipheriv("aes-256-cbc", key, key.subarray(0, 16));
  return JSON.parse(Buffer.concat([decipher.update(encrypted), decipher.final()]).toString("utf8"));
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" });
  response.end(text);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > bodyBytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
