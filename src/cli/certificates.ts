import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const caDays = 3650;
const serverDays = 365;
const renewDays = 30;

/** A certificate for loopback, and the file of the local authority that signed it. */
export interface LocalCertificate {
  readonly cert: string;
  readonly key: string;
  readonly caFile: string;
}

interface Pair {
  readonly cert: string;
  readonly key: string;
}

/**
 * Gives a certificate for localhost, signed by an authority of the data directory's own; makes both when they are
 * missing, and the certificate anew when it is about to end. Only their owner may read the keys.
 */
export async function localCertificate(directory: string): Promise<LocalCertificate> {
  const folder = join(directory, "tls");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const authority = await readOrMake(folder, "ca", makeAuthority);
  const server = await readOrMake(folder, "server", () => makeServer(authority), new X509Certificate(authority.cert));
  return { ...server, caFile: join(folder, "ca.crt") };
}

async function readOrMake(
  folder: string,
  name: string,
  make: () => Promise<Pair>,
  signer?: X509Certificate,
): Promise<Pair> {
  const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  if (existsSync(files.cert) && existsSync(files.key)) {
    const pair = { cert: readFileSync(files.cert, "utf8"), key: readFileSync(files.key, "utf8") };
    if (isUsable(pair.cert, signer)) return pair;
  }
  const pair = await make();
  replaceFile(files.key, pair.key);
  replaceFile(files.cert, pair.cert);
  return pair;
}

function isUsable(cert: string, signer: X509Certificate | undefined): boolean {
  const certificate = new X509Certificate(cert);
  const renewal = Date.parse(certificate.validTo) - renewDays * 86_400_000;
  return renewal > Date.now() && (signer === undefined || certificate.verify(signer.publicKey));
}

function replaceFile(file: string, content: string): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

// It is loaded by whoever makes a certificate: that is once in a year, and it brings more modules than all else together.
const loadGenerator = async () => (await import("selfsigned")).generate;

async function makeAuthority(): Promise<Pair> {
  const generate = await loadGenerator();
  const made = await generate([{ name: "commonName", value: "Tenantry local CA" }], {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate: daysFromNow(caDays),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

async function makeServer(authority: Pair): Promise<Pair> {
  const generate = await loadGenerator();
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate: daysFromNow(serverDays),
    ca: authority,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}
