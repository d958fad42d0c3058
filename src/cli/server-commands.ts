import type { Command } from "commander";
import { examples } from "./examples.ts";
import { type Format, outputOption, printRows, say } from "./output.ts";
import { type NamedServer, readServers, readServerUrl, serversFile, writeServers } from "./servers.ts";
import { ConfigurationError } from "./setting.ts";

/** The commands that name servers, so that others need not say URL and token each time. */
export function addServerCommands(root: Command): void {
  const command = root.command("servers").description("Name the servers that you use.");
  examples(
    command
      .command("add <name> <url>")
      .description("Name a server, or rename what is known of it. The first one becomes the current one.")
      .option("--token <token>", "its bearer token; '-' reads it from standard input")
      .option("--token-command <command>", "a command that prints a bearer token, such as one of your cloud's")
      .action(addServer),
    [
      "tenantry servers add local http://127.0.0.1:8080",
      "tenantry servers add live https://tenantry.example --token-command 'az account get-access-token --scope api://APPLICATION-ID/.default --query accessToken --output tsv'",
    ],
  );
  command.command("list").description("List the servers.").addOption(outputOption()).action(listServers);
  command.command("use <name>").description("Make a server the one that commands speak to.").action(useServer);
  command.command("remove <name>").description("Forget a server.").action(removeServer);
}

async function addServer(
  name: string,
  url: string,
  flags: { readonly token?: string; readonly tokenCommand?: string },
): Promise<void> {
  if (flags.token !== undefined && flags.tokenCommand !== undefined) {
    throw new ConfigurationError("Give --token or --token-command, not both.");
  }
  const token = flags.token === "-" ? await readInput() : flags.token;
  const server: NamedServer = {
    url: readServerUrl(url),
    ...(token === undefined ? {} : { token }),
    ...(flags.tokenCommand === undefined ? {} : { tokenCommand: flags.tokenCommand }),
  };
  const file = serversFile(process.env);
  const { current = name, servers } = readServers(file);
  writeServers(file, { current, servers: { ...servers, [name]: server } });
  say(`'${name}' is ${server.url}${current === name ? ", and the current one" : ""}.`);
}

async function listServers({ output }: { readonly output: Format }): Promise<void> {
  const { current, servers } = readServers(serversFile(process.env));
  // What a token is, nobody need see again.
  const rows = Object.entries(servers).map(([name, { url, token, tokenCommand }]) => ({
    name,
    url,
    current: name === current,
    token: token === undefined ? (tokenCommand ?? "of development mode") : "kept",
  }));
  await printRows(rows, output, ["name", "url", "current", "token"]);
}

function useServer(name: string): void {
  const file = serversFile(process.env);
  const { servers } = readServers(file);
  assertKnown(name, servers);
  writeServers(file, { current: name, servers });
  say(`'${name}' is the current one.`);
}

function removeServer(name: string): void {
  const file = serversFile(process.env);
  const { current, servers } = readServers(file);
  assertKnown(name, servers);
  const left = Object.entries(servers).filter(([each]) => each !== name);
  writeServers(file, { current: current === name ? undefined : current, servers: Object.fromEntries(left) });
  say(`'${name}' is forgotten.`);
}

function assertKnown(name: string, servers: Readonly<Record<string, NamedServer>>): void {
  if (servers[name] !== undefined) return;
  throw new ConfigurationError(
    `There is no server '${name}'. There are: ${Object.keys(servers).join(", ") || "none"}.`,
  );
}

async function readInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  return text.trim();
}
