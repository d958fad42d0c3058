import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";
import type { ServerProcess } from "../support/process.ts";

const waitMilliseconds = 15_000;

/** The screen that a tab has, unless another is asked for. */
export const desktop = { width: 1280, height: 800 };

// One browser for the tests of a file; it is opened by the first tab.
let opened: Promise<Browser> | undefined;
afterAll(async () => (await opened)?.close());

/** Chromium as Debian brings it: `CHROMIUM` names another. */
function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A tab of its own, without anything kept from another. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: errors of scripts, and of its policy. */
  readonly complaints: readonly string[];
}

export interface Looking {
  readonly colorScheme?: "light" | "dark";
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Opens a tab in which nobody is signed in. */
export async function openTab(looking: Looking = {}): Promise<Tab> {
  opened ??= openBrowser();
  const browser = await opened;
  const context = await browser.newContext({
    colorScheme: looking.colorScheme ?? "light",
    viewport: looking.viewport ?? desktop,
    timezoneId: "UTC",
    locale: "en-GB",
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const tab = await context.newPage();
  tab.setDefaultTimeout(waitMilliseconds);
  const complaints: string[] = [];
  tab.on("pageerror", (error) => complaints.push(error.message));
  tab.on("console", (message) => {
    // Chromium says so of every refusal of the API, which a page that shows it has well received.
    const isRefusal = message.text().startsWith("Failed to load resource: the server responded with a status of 4");
    if (["error", "warning"].includes(message.type()) && !isRefusal) complaints.push(message.text());
  });
  return { page: tab, context, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Opens a page of the portal, signed in with the token that the server printed. */
export async function openPortal(server: ServerProcess, path: string, looking: Looking = {}): Promise<Tab> {
  const tab = await openTab(looking);
  await visit(tab, server, path);
  return tab;
}

/** Loads a page of the portal in a tab that may have shown another: what that one has loaded is there already. */
export async function visit(tab: Tab, server: ServerProcess, path: string): Promise<void> {
  await tab.page.goto(`${server.origins[0]}/portal${path}#token=${server.token}`);
}

/** Lists what axe finds wrong with a page, after WCAG 2.2 and its own best practices. */
export async function findBarriers(tab: Tab): Promise<readonly string[]> {
  // What fades in has not yet the contrast that it will have.
  await tab.page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined)))");
  await tab.page.evaluate(axe.source);
  const { violations }: axe.AxeResults = await tab.page.evaluate(runAxe);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

// The dummies of Tabster only send the focus on; to hide them from those who listen is right.
const runAxe = `axe.run({ exclude: [["[data-tabster-dummy]"]] })`;
