import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { followTutorial } from "../../scripts/follow-tutorial.ts";
import { openTab } from "../portal/browser.ts";
import { createStorage, startProcess } from "../support/process.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("README.md and docs/tutorial.md can be followed word for word in a clone", { timeout: 400_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "tenantry-clone-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  copyCheckout(join(folder, "clone"));
  writeNpm(join(folder, "bin"));

  const following = followTutorial(join(folder, "clone"), [join(folder, "bin")]);

  await expect(following).resolves.toBeUndefined();
});

test("the steps of docs/tutorial.md in the browser end with a customer that is active", {
  timeout: 60_000,
}, async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);
  await using tab = await openTab();
  const address = /^ {2}(http:\S+\/portal\/#token=\S+)$/m.exec(server.banner)?.[1] ?? "";
  const steps = [...readFileSync(join(root, "docs/tutorial.md"), "utf8").matchAll(/^\d+\. (.+)$/gm)];

  await tab.page.goto(address);
  for (const [, step = ""] of steps) await follow(tab.page, step);
  await tab.page.getByRole("status").filter({ hasText: "Succeeded" }).waitFor();
  await tab.page.getByRole("button", { name: "Claim the credentials" }).waitFor();

  const { json } = await server.send("GET", "/v1.0/customers?$filter=lifecycleState%20eq%20'active'");
  expect(steps.length).toBeGreaterThan(10);
  expect(json.value.map((each: { billingProfile: object }) => each.billingProfile)).toMatchObject([
    { companyName: "Fabrikam Portugal Lda" },
  ]);
  expect(tab.complaints).toEqual([]);
});

/** Does what a step says: what stands in bold is what the page shows, or what is written into it. */
async function follow(page: Page, step: string): Promise<void> {
  const [first = "", label = ""] = [...step.matchAll(/\*\*(.*?)\*\*/g)].map(([, bold]) => bold);
  if (step.startsWith("See")) return page.getByRole("heading", { name: first, exact: true }).waitFor();
  if (step.startsWith("Write")) return page.getByLabel(label).fill(first);
  if (step.startsWith("Choose")) return void (await page.getByLabel(label).selectOption({ label: first }));
  const button = page.getByRole("button", { name: first, exact: true });
  return button
    .or(page.getByRole("link", { name: first, exact: true }))
    .first()
    .click();
}

/** Makes a folder with what a clone of this checkout would hold, what is not committed yet included. */
function copyCheckout(folder: string): void {
  const words = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const files = execFileSync("git", words, { cwd: root, encoding: "utf8" }).split("\0");
  for (const file of files.filter((each) => each !== "" && existsSync(join(root, each)))) {
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
}

/** Makes an npm that installs nothing, since the packages of this checkout are there; .ci/run lets it install. */
function writeNpm(folder: string): void {
  const npm = execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim();
  mkdirSync(folder);
  writeFileSync(join(folder, "npm"), `#!/bin/sh\n[ "$1" = ci ] || exec '${npm}' "$@"\n`, { mode: 0o755 });
}
