import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pack, root } from "./package.ts";
import { printLine } from "./report.ts";

const rounds = 7;
const pollMilliseconds = 2;
const readyMillisecondsMax = 30_000;

/** How long a server took from its spawning until all its ports were open and it answered 200, and its memory then. */
interface Start {
  readonly milliseconds: number;
  readonly megabytes: number | undefined;
}

/**
 * Measures how soon the embedded server answers, from the sources and as it is published: at its very first start, with
 * neither data nor anything compiled, and at the next one. Prints medians, and the least, which other work disturbs least.
 */
export async function measureStarts(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-start-"));
  try {
    const [processor] = cpus();
    printLine(`Node ${process.version}, ${cpus().length} × ${processor?.model}, load ${loadavg()[0]?.toFixed(1)}`);
    const packed = join(directory, "package");
    pack(packed);
    for (const [name, home] of [["sources", root] as const, ["published", packed] as const]) {
      for (const flags of [[], ["--tls", "auto"]]) await measureKind(name, home, flags, directory);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureKind(name: string, home: string, flags: readonly string[], directory: string): Promise<void> {
  const first: Start[] = [];
  const next: Start[] = [];
  for (let round = 0; round < rounds; round++) {
    const place = mkdtempSync(join(directory, "place-"));
    first.push(await start(home, flags, place));
    next.push(await start(home, flags, place));
  }
  for (const [which, starts] of [["first", first] as const, ["next", next] as const]) {
    const sorted = starts.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    const [middle, least] = [sorted[Math.floor(rounds / 2)], sorted[0]].map((each) => each?.toFixed(0));
    const words = [name, ...flags, which, "start:"].join(" ");
    printLine(`${words} median ${middle} ms, least ${least} ms, ${starts[0]?.megabytes ?? "?"} MB resident`);
  }
}

async function start(home: string, flags: readonly string[], place: string): Promise<Start> {
  const port = await findFreePort();
  const words = ["serve", "--port", String(port), "--tls-port", "0", "--data-dir", join(place, "data"), ...flags];
  const environment = { ...process.env, XDG_CACHE_HOME: join(place, "cache"), TENANTRY_LOG_LEVEL: "error" };
  const began = performance.now();
  const child = spawn(process.execPath, [join(home, "bin/tenantry.js"), ...words], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  try {
    while (!printed.includes("Tenantry is ready.") || !(await isReady(port))) {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
      if (performance.now() - began > readyMillisecondsMax) throw new Error("The server was not ready in time.");
      await sleep(pollMilliseconds);
    }
    return { milliseconds: performance.now() - began, megabytes: readMegabytes(child.pid) };
  } finally {
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    await exit;
  }
}

function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function findFreePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  listener.close();
  await once(listener, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

// VmRSS of /proc/<pid>/status is in kB (proc(5)).
function readMegabytes(pid: number | undefined): number | undefined {
  if (process.platform !== "linux") return undefined;
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
