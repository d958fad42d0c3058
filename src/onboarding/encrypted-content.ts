import { constants, createCipheriv, createHmac, publicEncrypt, randomBytes, type X509Certificate } from "node:crypto";
import type { Values } from "../model/define.ts";

/**
 * Encrypts the data of an entity for the owner of a certificate (Microsoft Graph, change notifications with resource
 * data): a fresh key of 32 bytes encrypts it with AES-256-CBC, whose initial vector is the beginning of the key, and signs
 * that with HMAC-SHA256; the key itself is encrypted with RSA-OAEP (SHA-1) for the certificate.
 */
export function encryptContent(
  data: Values,
  { certificate, id }: { readonly certificate: X509Certificate; readonly id: string },
) {
  const key = randomBytes(32);
  const cipher = createCipheriv("aes-256-cbc", key, key.subarray(0, 16));
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(data), "utf8"), cipher.final()]);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return {
    data: encrypted.toString("base64"),
    dataSignature: createHmac("sha256", key).update(encrypted).digest("base64"),
    dataKey: publicEncrypt({ key: certificate.publicKey, padding, oaepHash: "sha1" }, key).toString("base64"),
    encryptionCertificateId: id,
    encryptionCertificateThumbprint: certificate.fingerprint.replaceAll(":", ""),
  };
}
