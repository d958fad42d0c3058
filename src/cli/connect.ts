import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Command } from "commander";
import { type Client, type ClientOptions, createClient } from "../client/client.ts";
import { permissions } from "../onboarding/permissions.ts";
import { hasDevelopmentKey, readDevelopmentKey, signToken } from "./development-key.ts";
import { type NamedServer, readServers, readServerUrl, serversFile } from "./servers.ts";
import { ConfigurationError, variableOf } from "./setting.ts";
import { settings } from "./settings.ts";
import { defaultPartner } from "./token.ts";

/** To which server a command speaks, and as whom. */
export interface ConnectFlags {
  readonly server?: string;
  readonly url?: string;
  readonly token?: string;
  readonly dataDir?: string;
}

const defaultUrl = "http://127.0.0.1:8080";
const commandSecondsMax = 60;
const tokenMinutes = 5;

/** Adds the options by which a command is told to which server it speaks. */
export function withConnection(command: Command): Command {
  return command
    .option("--server <name>", "a server that 'tenantry servers add' has named (TENANTRY_SERVER)")
    .option("--url <url>", `the server itself (TENANTRY_URL); by default ${defaultUrl}`)
    .option("--token <token>", "the bearer token (TENANTRY_TOKEN); by default one of development mode")
    .option("--data-dir <directory>", "where the key is that signs tokens of development mode");
}

/** A client of the server that the flags, the environment or the user's configuration name, and where it is. */
export function connect(
  flags: ConnectFlags,
  more: Pick<ClientOptions, "attemptsMax"> = {},
): { readonly client: Client; readonly url: string } {
  const server = findServer(flags, process.env);
  const token = tokenOf(flags, server, process.env);
  return { client: createClient({ url: server.url, token, ...more }), url: server.url };
}

function findServer(flags: ConnectFlags, environment: Readonly<Record<string, string | undefined>>): NamedServer {
  const url = flags.url ?? (flags.server === undefined ? environment["TENANTRY_URL"] : undefined);
  if (url !== undefined) return { url: readServerUrl(url) };
  const file = serversFile(environment);
  const { current, servers } = readServers(file);
  const name = flags.server ?? environment["TENANTRY_SERVER"] ?? current;
  if (name === undefined) return { url: readServerUrl(defaultUrl) };
  const found = servers[name];
  if (found !== undefined) return found;
  const known = Object.keys(servers).join(", ") || "none";
  throw new ConfigurationError(`${file} has no server '${name}'; it has ${known}. See 'tenantry servers add --help'.`);
}

function tokenOf(
  flags: ConnectFlags,
  server: NamedServer,
  environment: Readonly<Record<string, string | undefined>>,
): ClientOptions["token"] {
  const given = flags.token ?? environment["TENANTRY_TOKEN"] ?? server.token;
  if (given !== undefined) return given;
  const { tokenCommand } = server;
  if (tokenCommand !== undefined) return remembered(() => runCommand(tokenCommand));
  const { dataDirectory } = settings;
  const directory = flags.dataDir ?? environment[variableOf(dataDirectory)] ?? dataDirectory.byDefault;
  if (!hasDevelopmentKey(directory)) {
    throw new ConfigurationError(
      `There is no token, and no development key in ${directory} to sign one with. Give --token, or name the data directory of the server with --data-dir.`,
    );
  }
  return remembered(async () =>
    signToken(await readDevelopmentKey(directory), { partnerId: defaultPartner, permissions, expires: "1h" }),
  );
}

// A long import outlives a token, and each request must not run a command of its own.
function remembered(make: () => Promise<string>): () => Promise<string> {
  let token: Promise<string> | undefined;
  let until = 0;
  return () => {
    if (token === undefined || Date.now() > until) {
      token = make();
      until = Date.now() + tokenMinutes * 60_000;
    }
    return token;
  };
}

async function runCommand(command: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, { shell: true, timeout: commandSecondsMax * 1000 });
    return stdout.trim();
  } catch {
    throw new ConfigurationError(`The command that should print a token failed: ${command}`);
  }
}
