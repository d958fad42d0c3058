import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { isValues, type Values } from "../model/define.ts";
import { examples } from "./examples.ts";
import { styled } from "./output.ts";
import { ConfigurationError, variableOf } from "./setting.ts";
import { settings } from "./settings.ts";

interface LogFlags {
  readonly status?: string;
  readonly path?: string;
  readonly follow: boolean;
  readonly output: string;
}

const pollMilliseconds = 200;
const chunkBytes = 65_536;

/** The command that reads the log of a server. */
export function addLogsCommand(root: Command): void {
  const tail = root
    .command("logs")
    .description("Read the log of a server.")
    .command("tail [file]")
    .description(
      "Show the log: the file that --log-file of the server names (TENANTRY_LOG_FILE), or '-' for standard input.",
    )
    .option("--status <status>", "only requests answered so, such as 404 or 4xx")
    .option("--path <prefix>", "only requests whose path begins so, such as /customers/{id}")
    .option("--no-follow", "end at the end of the file, and do not wait for more")
    .option("--output <format>", "text, or ndjson: the lines as they are", "text")
    .action(tailLog);
  examples(tail, [
    "tenantry logs tail tenantry.log --status 4xx",
    "tenantry serve 2>&1 | tenantry logs tail - --status 5xx",
  ]);
}

async function tailLog(file: string | undefined, flags: LogFlags): Promise<void> {
  const named = file ?? process.env[variableOf(settings.logFile)];
  if (named === undefined) throw new ConfigurationError("Name the file of the log, or '-' for standard input.");
  const isWanted = filterOf(flags);
  const lines = named === "-" ? createInterface({ input: process.stdin }) : readLines(named, flags.follow);
  for await (const line of lines) {
    const entry = parseEntry(line);
    if (entry === undefined || !isWanted(entry)) continue;
    process.stdout.write(`${flags.output === "ndjson" ? line : printEntry(entry)}\n`);
  }
}

/** Gives the lines of a file, and goes on with those that are written later. A file that begins anew is read anew. */
async function* readLines(name: string, follow: boolean): AsyncGenerator<string, void> {
  let position = 0;
  while (true) {
    const file = await open(name);
    try {
      if ((await file.stat()).size < position) position = 0;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
      // A character may be cut in two at the end of what was read: only whole lines are taken.
      const end = buffer.subarray(0, bytesRead).lastIndexOf("\n") + 1;
      position += end;
      yield* buffer.toString("utf8", 0, end).split("\n").slice(0, -1);
      if (end > 0) continue;
    } finally {
      await file.close();
    }
    if (!follow) return;
    await pause(pollMilliseconds);
  }
}

function filterOf({ status, path }: LogFlags): (entry: Values) => boolean {
  if (status !== undefined && !/^[1-5](?:\d\d|xx)$/.test(status)) {
    throw new ConfigurationError(`--status must be such as 404 or 4xx; it is '${status}'.`);
  }
  const pattern = status === undefined ? undefined : new RegExp(`^${status.replace("xx", "\\d\\d")}$`);
  return (entry) =>
    (pattern === undefined || pattern.test(String(entry["status"]))) &&
    (path === undefined || String(entry["path"]).startsWith(path));
}

function parseEntry(line: string): Values | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isValues(entry) ? entry : undefined;
  } catch {
    // What a server prints besides its log, such as its banner.
    return undefined;
  }
}

function printEntry(entry: Values): string {
  const { time, level, msg, method, path, status, milliseconds, requestId } = entry;
  const at = styled("dim", new Date(Number(time)).toISOString());
  if (status === undefined)
    return `${at} ${Number(level) >= 50 ? styled("red", String(msg)) : String(msg)} ${reason(entry)}`;
  const shown = styled(Number(status) >= 500 ? "red" : Number(status) >= 400 ? "yellow" : "green", String(status));
  return `${at} ${shown} ${method} ${path ?? "-"} ${milliseconds} ms ${styled("dim", String(requestId))}`;
}

function reason({ err }: Values): string {
  return isValues(err) ? String(err["message"]) : "";
}
