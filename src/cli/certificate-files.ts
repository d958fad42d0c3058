import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { ConfigurationError } from "./setting.ts";

/** A certificate with its chain, and its key, in PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

const lookMilliseconds = 2_000;

/** Reads a certificate and its key. A pair that cannot be used is a ConfigurationError that says why. */
export function readCertificate(files: CertificatePair): CertificatePair {
  const pair = { cert: readPem(files.cert, "--tls-cert"), key: readPem(files.key, "--tls-key") };
  if (isPair(pair)) return pair;
  throw new ConfigurationError("The key in --tls-key is not that of the certificate in --tls-cert.");
}

/**
 * Tells of every new pair in the files, which tools that renew certificates replace one after the other. A pair that
 * cannot be used, such as a half-replaced one, is told to `fail` and the last good one stays. Gives back how to stop.
 */
export function watchCertificate(
  files: CertificatePair,
  renew: (pair: CertificatePair) => void,
  fail: (error: unknown) => void,
): () => void {
  const look = () => {
    try {
      renew(readCertificate(files));
    } catch (error) {
      fail(error);
    }
  };
  const names = [files.cert, files.key];
  // Polled, since the links that orchestrators swap are not seen by notifications of the file system.
  for (const name of names) watchFile(name, { interval: lookMilliseconds, persistent: false }, look);
  return () => {
    for (const name of names) unwatchFile(name, look);
  };
}

function readPem(file: string, flag: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new ConfigurationError(`The file of ${flag} cannot be read (${reason}).`);
  }
}

function isPair({ cert, key }: CertificatePair): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new ConfigurationError("--tls-cert must hold a certificate in PEM, and --tls-key its key in PEM.");
  }
}
