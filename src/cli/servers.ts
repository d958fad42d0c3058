import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { isValues } from "../model/define.ts";
import { ConfigurationError } from "./setting.ts";

/** A server as the user's configuration names it. */
export interface NamedServer {
  readonly url: string;
  /** A bearer token. */
  readonly token?: string;
  /** A command of the shell that prints a bearer token. */
  readonly tokenCommand?: string;
}

/** The servers that the user has named, and which of them commands speak to by default. */
export interface Servers {
  readonly current: string | undefined;
  readonly servers: Readonly<Record<string, NamedServer>>;
}

/** The file of the servers (XDG Base Directory Specification). */
export function serversFile(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment["XDG_CONFIG_HOME"];
  // The specification has relative paths ignored.
  const directory = home?.startsWith("/") === true ? home : join(homedir(), ".config");
  return join(directory, "tenantry", "servers.json");
}

/** Reads the servers; there are none when there is no file. A file that others can read is refused: it holds tokens. */
export function readServers(file: string): Servers {
  try {
    const mode = statSync(file).mode & 0o077;
    if (mode !== 0 && process.platform !== "win32") {
      throw new ConfigurationError(`${file} holds tokens, and others can read it. Run: chmod 600 ${file}`);
    }
    return parseServers(file, readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { current: undefined, servers: {} };
    throw error;
  }
}

/** Writes the servers so that only their owner can read them, all at once. */
export function writeServers(file: string, servers: Servers): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(servers, null, 2)}\n`, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}

/** Checks the URL of a server: that of the service, with or without the version at its end. */
export function readServerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new ConfigurationError(`The URL of a server must be such as https://tenantry.example; it is '${text}'.`);
  }
  return url.pathname === "/" ? `${url.origin}/v1.0` : text.replace(/\/+$/, "");
}

function parseServers(file: string, text: string): Servers {
  const wrong = new ConfigurationError(`${file} is not as 'tenantry servers add' writes it. Mend or remove it.`);
  const json = parseJson(text, wrong);
  if (!isValues(json) || !isValues(json["servers"])) throw wrong;
  const { current } = json;
  const servers = Object.entries(json["servers"]).map(([name, server]) => {
    if (!isServer(server)) throw wrong;
    return [name, server] as const;
  });
  return { current: typeof current === "string" ? current : undefined, servers: Object.fromEntries(servers) };
}

function parseJson(text: string, wrong: Error): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong;
  }
}

function isServer(value: unknown): value is NamedServer {
  const isText = (text: unknown) => text === undefined || typeof text === "string";
  return isValues(value) && typeof value["url"] === "string" && isText(value["token"]) && isText(value["tokenCommand"]);
}
