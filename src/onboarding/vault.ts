import { createCipheriv, createDecipheriv, createSecretKey, hash, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const nonceBytes = 12;

/** The length of a key of AES-256. */
export const keyBytes = 32;

/** Seals texts with the newest key, and opens what any of the keys has sealed. */
export interface Vault {
  /** Encrypts a text. It opens again only together with what it is about: nobody can put it in another place. */
  seal(text: string, about: string): string;
  /** Decrypts what was sealed. Throws when the key is not there any more, or when it was tampered with. */
  open(sealed: string, about: string): string;
}

/** Makes a vault of keys of 32 bytes, the newest first (AES-256-GCM, NIST SP 800-38D; a random nonce for each text). */
export function openVault(keys: readonly Uint8Array[]): Vault {
  // Of a key as bytes Node makes such an object anew for each text, which takes as long as all the rest.
  const named = keys.map((key) => ({ key: createSecretKey(key), name: hash("sha256", key).slice(0, 8) }));
  const [newest] = named;
  if (newest === undefined) throw new Error("A vault needs a key.");
  return {
    seal(text, about) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, newest.key, nonce).setAAD(Buffer.from(about));
      const bytes = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return [newest.name, ...[nonce, bytes, cipher.getAuthTag()].map((each) => each.toString("base64url"))].join(".");
    },
    open(sealed, about) {
      const [name, ...parts] = sealed.split(".");
      const [nonce, bytes, tag] = parts.map((each) => Buffer.from(each, "base64url"));
      const key = named.find((each) => each.name === name)?.key;
      if (key === undefined) throw new Error(`The key ${name} that sealed this is not among the keys.`);
      if (nonce === undefined || bytes === undefined || tag === undefined) throw new Error("This was never sealed.");
      const decipher = createDecipheriv(algorithm, key, nonce).setAAD(Buffer.from(about)).setAuthTag(tag);
      return Buffer.concat([decipher.update(bytes), decipher.final()]).toString("utf8");
    },
  };
}
