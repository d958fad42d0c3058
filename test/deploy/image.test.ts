import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { variableOf } from "../../src/cli/setting.ts";
import { settings } from "../../src/cli/settings.ts";
import type { Json } from "../support/service.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");
const variables = Object.values(settings).map(variableOf);

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** The stages of the Dockerfile: each begins with its FROM. */
const stages = parseDockerfile(read("Dockerfile"));
const [build = [], run = []] = stages;
const all = stages.flat();
const ofRun = (word: string) => run.filter((each) => each.word === word).map(({ rest }) => rest);

describe("the image", () => {
  test("is made in two stages of a base whose version is said", () => {
    const bases = all.filter(({ word }) => word === "FROM").map(({ rest }) => rest);

    expect(bases).toEqual([expect.stringMatching(/^node:\d+-\S+ AS build$/), expect.stringMatching(/^node:\d+-\S+$/)]);
  });

  test("uses words that Docker knows, takes nothing from the network but packages, and runs no shell at the end", () => {
    const known = ["FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE"];
    const others = all.map(({ word }) => word).filter((word) => !known.includes(word));

    expect(others).toEqual(["HEALTHCHECK", "ENTRYPOINT", "CMD"]);
    expect(JSON.parse(ofRun("ENTRYPOINT")[0] ?? "")).toEqual(["node", "bin/tenantry.js"]);
    expect(JSON.parse(ofRun("CMD")[0] ?? "")).toEqual(["serve"]);
    expect(all.filter(({ word, rest }) => word === "RUN" && /curl|wget|apt-get|sudo/.test(rest))).toEqual([]);
  });

  test("runs as a user who is not root, and who owns nothing but the data", () => {
    const words = run.map(({ word }) => word);

    expect(ofRun("USER")).toEqual(["node"]);
    expect(words.indexOf("USER")).toBeLessThan(words.indexOf("ENTRYPOINT"));
    expect(words.lastIndexOf("COPY")).toBeLessThan(words.indexOf("USER"));
    expect(ofRun("COPY").filter((rest) => rest.includes("--chown"))).toEqual([]);
    expect(ofRun("RUN")).toEqual(["install -d -o node -g node -m 700 /data"]);
    expect(ofRun("VOLUME")).toEqual(["/data"]);
  });

  test("is given what is there, and what is not shut out of the build", () => {
    const open = read(".dockerignore").split("\n");
    const taken = all.filter(({ word, rest }) => word === "COPY" && !rest.startsWith("--from")).flatMap(sourcesOf);

    expect(taken.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    expect(taken.filter((source) => !open.includes(`!${source}`))).toEqual([]);
    expect(open[0]).toBe("*");
  });

  test("sets variables that are settings, and opens the ports that they name", () => {
    const set = ofRun("ENV").flatMap((rest) => rest.split(" ").map((pair) => pair.split("=")));

    expect(set.map(([name = ""]) => name).filter((name) => name !== "NODE_ENV" && !variables.includes(name))).toEqual(
      [],
    );
    const port = set.find(([name]) => name === "TENANTRY_METRICS_PORT")?.[1];
    expect(ofRun("EXPOSE")).toEqual([`${settings.port.byDefault} ${port}`]);
  });

  test("holds all that the command needs, when it is made step by step in a folder", { timeout: 90_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "tenantry-image-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [made, image] = [join(folder, "build"), join(folder, "app")];
    const node = (place: string, ...words: readonly string[]) =>
      spawnSync(process.execPath, words, {
        cwd: place,
        encoding: "utf8",
        env: { TENANTRY_DATA_DIR: join(folder, "data") },
      });
    copyAll(build, { root, made: root }, made);
    // In place of npm ci: the packages of this checkout.
    symlinkSync(join(root, "node_modules"), join(made, "node_modules"));

    const built = node(made, "scripts/build.ts");
    copyAll(run, { root, made }, image);
    const [, program = ""] = JSON.parse(ofRun("ENTRYPOINT")[0] ?? "");
    const asked = node(image, program, "--version");
    const migrated = node(image, program, "migrate", "up");

    expect([built.status, built.stderr]).toEqual([0, ""]);
    expect([asked.status, asked.stdout.trim()]).toEqual([0, JSON.parse(read("package.json")).version]);
    expect([migrated.stderr, migrated.status]).toEqual(["", 0]);
    expect(migrated.stdout).toContain("The database is as it should be.");
  });
});

describe("the compose file", () => {
  const { services, secrets, volumes }: Json = parse(read("deploy/compose.yaml"));

  test("sets variables that are settings, or files of them", () => {
    const names = Object.keys(services.tenantry.environment).filter((name) => name.startsWith("TENANTRY_"));

    const unknown = names.filter(
      (name) => !variables.includes(name) && !variables.includes(name.replace(/_FILE$/, "")),
    );

    expect(names.length).toBeGreaterThan(3);
    expect(unknown).toEqual([]);
  });

  test("names only secrets, volumes and files that it has", () => {
    const each: readonly Json[] = Object.values(services);
    const mounted = each.flatMap(({ volumes: list = [] }) => list.map((mount: string) => mount.split(":")[0]));
    const files = mounted.filter((source) => source.startsWith("./"));

    expect(each.flatMap(({ secrets: list = [] }) => list).filter((name) => !(name in secrets))).toEqual([]);
    expect(mounted.filter((source) => !source.startsWith("./") && !(source in volumes))).toEqual([]);
    expect(files.filter((file) => !existsSync(join(root, "deploy", file)))).toEqual([]);
  });

  test("lets the server write nothing but its data, and shows its port to this machine alone", () => {
    const { read_only, cap_drop, ports } = services.tenantry;

    expect({ read_only, cap_drop, ports }).toEqual({
      read_only: true,
      cap_drop: ["ALL"],
      ports: ["127.0.0.1:8080:8080"],
    });
  });
});

describe("the unit of systemd", () => {
  const lines = read("deploy/tenantry.service").split("\n");
  const values = (name: string) =>
    lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));

  test("sets variables that are settings and starts the command", () => {
    const pairs = values("Environment").flatMap((line) => line.split(" ").map((pair) => pair.split("=")[0] ?? ""));

    // Those of others: Node's, and where the caches of a user are (XDG Base Directory Specification).
    const known = ["NODE_ENV", "XDG_CACHE_HOME", ...variables];
    expect(pairs.filter((name) => !known.includes(name))).toEqual([]);
    expect(values("ExecStart")).toEqual(["/usr/bin/env node /opt/tenantry/bin/tenantry.js serve"]);
  });

  test("runs without root and without all that it does not need", () => {
    const hardened = ["NoNewPrivileges", "DynamicUser", "PrivateDevices", "ProtectHome", "RestrictSUIDSGID"];

    expect(hardened.map((name) => values(name))).toEqual(hardened.map(() => ["yes"]));
    expect(values("CapabilityBoundingSet")).toEqual([""]);
    expect(values("ProtectSystem")).toEqual(["strict"]);
    expect(values("SystemCallErrorNumber")).toEqual(["EPERM"]);
  });
});

function parseDockerfile(text: string): readonly (readonly Instruction[])[] {
  const lines = text.replaceAll(/\\\n\s*/g, "").split("\n");
  const instructions = lines.filter((line) => line !== "" && !line.startsWith("#")).map(readInstruction);
  const begins = instructions.flatMap(({ word }, index) => (word === "FROM" ? [index] : []));
  return begins.map((begin, index) => instructions.slice(begin, begins[index + 1]));
}

function readInstruction(line: string): Instruction {
  const [, word = "", rest = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
  return { word, rest };
}

function sourcesOf({ rest }: Instruction): readonly string[] {
  return rest.split(" ").slice(0, -1);
}

/** Does what the COPY instructions of a stage do: from the checkout, or from the stage before. */
function copyAll(stage: readonly Instruction[], from: { readonly root: string; readonly made: string }, into: string) {
  for (const { rest } of stage.filter(({ word }) => word === "COPY")) {
    copy(rest, rest.startsWith("--from") ? from.made : from.root, into);
  }
}

/** Copies into a folder when the target ends with a slash, else as the target. */
function copy(rest: string, from: string, into: string): void {
  const words = rest.split(" ").filter((word) => !word.startsWith("--from"));
  const target = words.at(-1) ?? "";
  for (const word of words.slice(0, -1)) {
    const source = join(from, word.startsWith("/") ? basename(word) : word);
    const isWithin = target.endsWith("/") && !statSync(source).isDirectory();
    cpSync(source, isWithin ? join(into, target, basename(word)) : join(into, target), { recursive: true });
  }
}
