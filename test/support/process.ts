import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { afterAll, inject } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { createDatabase } from "./postgres.ts";
import type { Engine, Json } from "./service.ts";
import { findLeak } from "./watched-log.ts";

const program = fileURLToPath(new URL("../../bin/tenantry.js", import.meta.url));
const startSecondsMax = 60;

// A test that ran out of time has disposed of nothing: no process outlives the file that started it.
const alive = new Set<ChildProcess>();
afterAll(() => {
  for (const child of alive) child.kill("SIGKILL");
});

/** What a finished command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** An answer of a real server. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
}

/** The real server in a process of its own. When it is disposed of, the process is gone. */
export interface ServerProcess extends AsyncDisposable {
  /** Everything that it printed when it was ready. */
  readonly banner: string;
  /** Scheme and authority of its listeners: http first. */
  readonly origins: readonly string[];
  /** The token that it printed. */
  readonly token: string;
  /** Sends JSON to a path behind the origin, with the printed token. */
  send(method: string, path: string, body?: object): Promise<HttpAnswer>;
  /** Sends a signal and waits until the process is gone. */
  end(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<Ended>;
  /** Sends a signal that does not end it. */
  signal(signal: "SIGUSR2" | "SIGSTOP" | "SIGCONT"): void;
}

/** Where a server keeps its data, and how a test reads it when no server runs. */
export interface Storage extends AsyncDisposable {
  /** The flags that lead `serve` and `migrate` there. */
  readonly flags: readonly string[];
  readonly directory: string;
  open(): Database;
}

/** Makes an empty place for a server's data; on PostgreSQL it is migrated already unless `migrated` is false. */
export async function createStorage(engine: Engine, { migrated = true } = {}): Promise<Storage> {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-process-"));
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  if (engine === "sqlite") {
    return {
      directory,
      flags: ["--data-dir", directory],
      open: () => openSqlite(directory),
      [Symbol.asyncDispose]: async () => removeDirectory(),
    };
  }
  const { url, template } = inject("postgres");
  const database = await createDatabase(url, migrated ? { template } : {});
  return {
    directory,
    flags: ["--data-dir", directory, "--database-url", database.url],
    open: () => openPostgres(database.url),
    async [Symbol.asyncDispose]() {
      removeDirectory();
      await database.drop();
    },
  };
}

/**
 * Starts `tenantry serve` on any free port, of this checkout if no other is named, and waits until it is ready. It fails
 * if the process ends before.
 */
export async function startProcess(
  flags: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  command = program,
): Promise<ServerProcess> {
  const words = ["serve", "--port", "0", "--log-level", "error", ...flags];
  const { child, ended, output } = launch(words, environment, command);
  const ready = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("The server was not ready in time.")), startSecondsMax * 1000);
    child.stdout.on("data", () => {
      if (output.out.includes("Tenantry is ready.") && output.out.endsWith("\n")) {
        clearTimeout(timer);
        resolve(output.out);
      }
    });
    ended.then(({ code, err }) => reject(new Error(`The server ended with ${code}: ${err}`)), reject);
    ended.finally(() => clearTimeout(timer));
  });
  const banner = await ready.catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  const end = async (signal: "SIGTERM" | "SIGINT" | "SIGKILL") => {
    child.kill(signal);
    return ended;
  };
  const origins = [...banner.matchAll(/^ {2}(https?:\/\/\S+)\/v1\.0$/gm)].map(([, origin = ""]) => origin);
  const token = /^export TOKEN=(\S+)$/m.exec(banner)?.[1] ?? "";
  return {
    banner,
    origins,
    token,
    end,
    signal: (signal) => child.kill(signal),
    send: (method, path, body) => sendTo(`${origins[0]}${path}`, token, method, body),
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
    },
  };
}

/** `tenantry listen` in a process of its own. */
export interface ListeningProcess extends AsyncDisposable {
  /** What it has printed so far. */
  out(): string;
  /** Sends a signal and waits until the process is gone. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<Ended>;
}

/** Starts `tenantry listen` and waits until it listens. It fails with what was printed if the process ends before. */
export async function startListening(flags: readonly string[]): Promise<ListeningProcess> {
  const { child, ended, output } = launch(["listen", ...flags], {});
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", () => {
      if (output.out.includes("Listening to")) resolve();
    });
    ended.then(({ code, err }) => reject(new Error(`It ended with ${code}: ${err}`)), reject);
  });
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    child.kill(signal);
    return ended;
  };
  return {
    out: () => output.out,
    end,
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
    },
  };
}

/** Runs a command of `tenantry` to its end. */
export function runCommand(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return launch(words, environment).ended;
}

/** Runs a command of `tenantry` in a terminal of a width, and gives what stands there then, without its styles. */
export async function runInTerminal(
  words: readonly string[],
  { columns, environment }: { readonly columns: number; readonly environment: Readonly<Record<string, string>> },
): Promise<string> {
  const quoted = [process.execPath, program, ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  // util-linux: it opens a terminal of its own for the command.
  const { stdout } = await promisify(execFile)(
    "script",
    ["--quiet", "--return", "--command", `stty cols ${columns}; exec ${quoted}`, "/dev/null"],
    { env: { ...inheritedEnvironment(), ...environment } },
  );
  return stripVTControlCharacters(stdout).replaceAll("\r\n", "\n");
}

/** A command that runs. */
export interface RunningCommand {
  /** What it has printed so far. */
  readonly output: { readonly out: string; readonly err: string };
  readonly ended: Promise<Ended>;
  signal(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
}

/** Starts a command of `tenantry` and lets it run. */
export function startCommand(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  const { child, ended, output } = launch(words, environment);
  return { output, ended, signal: (signal) => child.kill(signal) };
}

// The settings of whoever runs the tests must not reach the command.
function inheritedEnvironment(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("TENANTRY_")));
}

function launch(words: readonly string[], environment: Readonly<Record<string, string>>, command = program) {
  const child = spawn(process.execPath, [command, ...words], {
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  alive.add(child);
  const output = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.err += text;
  });
  const ended = once(child, "close").then(([code]): Ended => {
    alive.delete(child);
    // The log is the lines of JSON; what a command says of its own arguments is for whoever gave them.
    const log = output.err.split("\n").filter((line) => line.startsWith("{"));
    const leak = findLeak(log.join("\n"));
    if (leak !== undefined) throw new Error(`The server logged what it must not: ${leak}`);
    return { code, ...output };
  });
  return { child, ended, output };
}

async function sendTo(url: string, token: string, method: string, body: object | undefined): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === "" ? undefined : JSON.parse(text) };
}
