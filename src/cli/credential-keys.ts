import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { keyBytes, openVault, type Vault } from "../onboarding/vault.ts";
import type { Configuration } from "./config.ts";
import { readOwnFile } from "./own-file.ts";
import { ConfigurationError } from "./setting.ts";

/**
 * Opens the vault of the credentials with the keys of a file: one a line, 32 bytes in base64, the newest first. The
 * newest seals, and each of them opens, so a key is rotated by putting a new line on top. In development mode a file is
 * made in the data directory, for its owner alone.
 */
export async function readVault(configuration: Configuration): Promise<Vault> {
  const { credentialKeysFile, dataDirectory, development } = configuration;
  if (credentialKeysFile !== undefined) return openVault(parseKeys(readFileSync(credentialKeysFile, "utf8")));
  if (!development) {
    throw new ConfigurationError(
      "The credentials of new tenants are kept encrypted: set --credential-keys-file. " +
        "A key is a line of 32 random bytes in base64, as `openssl rand -base64 32` prints it.",
    );
  }
  const make = async () => `${randomBytes(keyBytes).toString("base64")}\n`;
  return openVault(parseKeys(await readOwnFile(dataDirectory, "credential-keys", make)));
}

// No line is repeated in the message: it may be most of a key.
function parseKeys(text: string): readonly Uint8Array[] {
  const lines = text.split("\n").map((line) => line.trim());
  const keys = lines.filter((line) => line !== "").map((line) => Buffer.from(line, "base64"));
  const wrong = keys.findIndex((key) => key.length !== keyBytes);
  if (keys.length > 0 && wrong < 0) return keys;
  const what = keys.length === 0 ? "It holds none" : `Key ${wrong + 1} is not`;
  throw new ConfigurationError(
    `--credential-keys-file must hold keys of ${keyBytes} bytes in base64, one a line. ${what}.`,
  );
}
