// Follows the README and the tutorial word for word, in the folder of a fresh clone that is named.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { type CodeBlock, readMarkdown } from "./docs-site/markdown.ts";
import { isRun, runBlocks } from "./run-page.ts";

/** What the commands print when all went well, by page. */
const promised = {
  "README.md": [],
  "docs/tutorial.md": [/contoso\.onmicrosoft\.com/, /^active [\da-f-]{36}$/m, /"lifecycleState":"active"/],
} as const;

/** Follows both pages in a clone. `first` is looked in for commands before all else. It fails where a reader would. */
export async function followTutorial(folder: string, first: readonly string[] = []): Promise<void> {
  const port = await findPort();
  let isInstalled = false;
  for (const [page, patterns] of Object.entries(promised)) {
    const { codeBlocks } = readMarkdown(readFileSync(join(folder, page), "utf8"));
    // Whoever comes from the README to the tutorial has done that.
    const blocks = codeBlocks.filter(isRun).map((block) => (isInstalled ? withoutInstalling(block) : block));
    const printed = await runBlocks(blocks, {
      folder,
      environment: readersEnvironment(first, port),
      // The port of the pages may be somebody else's here.
      replaced: { "127.0.0.1:8080": `127.0.0.1:${port}` },
    });
    const missing = patterns.filter((pattern) => !pattern.test(printed));
    isInstalled = true;
    if (missing.length > 0) throw new Error(`${page}: ${missing.join(", ")} was not printed, but:\n${printed}`);
  }
}

function withoutInstalling(block: CodeBlock): CodeBlock {
  return { ...block, code: block.code.replace(/^npm ci\n/m, "") };
}

// A reader has the Node of the machine and none of our settings; the folders of packages on the path are of npm run.
function readersEnvironment(first: readonly string[], port: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:TENANTRY_|npm_|NODE_|VITEST|TEST$)/.test(name),
  );
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((each) => !each.includes("node_modules"));
  const settings = { TENANTRY_PORT: port, TENANTRY_TLS_PORT: "0", TENANTRY_URL: `http://127.0.0.1:${port}` };
  return { ...Object.fromEntries(inherited), ...settings, PATH: [...first, ...path].join(delimiter) };
}

/** Finds a port that nobody listens on. */
export async function findPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === "object" ? String(address?.port) : "";
}

const [, program = "", folder] = process.argv;
if (program.endsWith("follow-tutorial.ts") && folder !== undefined) {
  await followTutorial(resolve(folder));
  process.stdout.write("The README and the tutorial can be followed.\n");
}
