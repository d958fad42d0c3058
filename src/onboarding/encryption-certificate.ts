import { X509Certificate } from "node:crypto";

const modulusBits = { min: 2048, max: 4096 } as const;

/** Reads the certificate of a receiver: base64 of DER, or of PEM. Undefined when it is none, or its key no RSA key of 2048 to 4096 bits. */
export function parseCertificate(text: string): X509Certificate | undefined {
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) return undefined;
  try {
    const certificate = new X509Certificate(Buffer.from(text, "base64"));
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    return asymmetricKeyType === "rsa" && bits >= modulusBits.min && bits <= modulusBits.max ? certificate : undefined;
  } catch {
    return undefined;
  }
}
