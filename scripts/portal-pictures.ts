// Takes a picture of every page of the portal, light and dark, into docs/images: `npm run pictures`.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { chromium } from "playwright-core";
import { readConfiguration } from "../src/cli/config.ts";
import { readDevelopmentKey, signToken } from "../src/cli/development-key.ts";
import { startServer } from "../src/cli/start.ts";
import { defaultPartner } from "../src/cli/token.ts";
import { buildPortal } from "./build-portal.ts";

const images = fileURLToPath(new URL("../docs/images/", import.meta.url));
const customersShown = 120;
const pauseMilliseconds = 1_500;
const dayMilliseconds = 86_400_000;
const places = [
  { country: "PT", city: "Lisboa", postalCode: "1100-053", culture: "pt-PT", language: "pt" },
  { country: "DE", city: "Berlin", postalCode: "10115", culture: "de-DE", language: "de" },
  { country: "FR", city: "Paris", postalCode: "75001", culture: "fr-FR", language: "fr" },
] as const;
const names = [
  "Fabrikam",
  "Contoso",
  "Adventure Works",
  "Northwind",
  "Tailspin Toys",
  "Wingtip",
  "Litware",
  "Proseware",
];

buildPortal();
mkdirSync(images, { recursive: true });
const directory = mkdtempSync(join(tmpdir(), "tenantry-pictures-"));
try {
  await withServer(fill);
  spreadOverDays();
  await withServer(takePictures);
} finally {
  rmSync(directory, { recursive: true });
}

interface Server {
  readonly origin: string;
  readonly token: string;
}

async function withServer(use: (server: Server) => Promise<void>): Promise<void> {
  const flags = { dataDirectory: directory, port: "0", logLevel: "error" };
  const running = await startServer(readConfiguration(flags, {}));
  const permissions = ["Customer.ReadWrite.All"];
  const key = await readDevelopmentKey(directory);
  const token = await signToken(key, { partnerId: defaultPartner, permissions, expires: "1h" });
  try {
    await use({ origin: running.origins[0] ?? "", token });
  } finally {
    await running.close();
  }
}

async function send({ origin, token }: Server, method: string, path: string, body?: object) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(`${origin}/v1.0${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return JSON.parse(await response.text());
}

async function fill(server: Server): Promise<void> {
  for (let index = 0; index < customersShown; index += 1) {
    const { culture, language, ...place } = places[index % places.length] ?? places[0];
    const name = `${names[index % names.length]} ${["Lda", "GmbH", "SARL"][index % places.length]}`;
    // The first word of a domain tells the local provisioner how to fail.
    const play = { 40: "failemail", 71: "failtenant", 99: "failemail" }[index];
    await send(server, "POST", "/customers", {
      companyProfile: { domain: `${play ?? "customer"}${index}.onmicrosoft.com` },
      billingProfile: {
        ...(play === "failemail" ? {} : { email: `ana${index}@fabrikam.example` }),
        ...{ culture, language, companyName: name },
        defaultAddress: { ...place, addressLine1: `Rua Augusta ${index + 1}`, firstName: "Ana", lastName: "Reis" },
      },
    });
  }
  await send(server, "POST", "/customerCreationOperations", { domain: "waiting.onmicrosoft.com" });
  await new Promise((resolve) => setTimeout(resolve, 2 * pauseMilliseconds));
}

// A picture of a service of one day shows little.
function spreadOverDays(): void {
  const database = new Sqlite(join(directory, "tenantry.db"));
  const rows = database.prepare<[], { id: string }>(`select "id" from "customers" order by "id"`).all();
  const update = database.prepare(`update "customers" set "createdDateTime" = ? where "id" = ?`);
  for (const [index, { id }] of rows.entries()) {
    const daysAgo = Math.floor(13 * (1 - Math.sqrt((index + 1) / rows.length)));
    update.run(new Date(Date.now() - daysAgo * dayMilliseconds).toISOString(), id);
  }
  database.close();
}

async function takePictures(server: Server): Promise<void> {
  const { value: failed } = await send(server, "GET", "/customerCreationOperations?$filter=status%20eq%20'failed'");
  const { value: fine } = await send(server, "GET", "/customers?$top=1");
  const customer = `/customers/${fine[0].id}`;
  const pages = {
    dashboard: "/",
    customers: "/customers",
    customer,
    edit: `${customer}/edit`,
    wizard: "/customers/new",
    operations: "/operations",
    operation: `/operations/${failed[0].id}`,
    explorer: "/explorer",
  };
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  for (const colorScheme of ["light", "dark"] as const) {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width: 1280, height: 800 },
      timezoneId: "UTC",
    });
    const page = await context.newPage();
    await page.goto(`${server.origin}/portal/`);
    await page.waitForTimeout(pauseMilliseconds);
    await page.screenshot({ path: `${images}sign-in-${colorScheme}.png` });
    await page.close();
    for (const [name, path] of Object.entries(pages)) {
      const tab = await context.newPage();
      await tab.goto(`${server.origin}/portal${path}#token=${server.token}`);
      await tab.waitForTimeout(pauseMilliseconds);
      if (name === "wizard") {
        await tab.getByLabel("Country").selectOption("BR");
        await tab.getByLabel("Domain").fill("customer1.onmicrosoft.com");
        await tab.waitForTimeout(pauseMilliseconds);
      }
      if (name === "explorer") {
        await tab.getByRole("button", { name: "Send" }).click();
        await tab.waitForTimeout(pauseMilliseconds);
      }
      await tab.screenshot({ path: `${images}${name}-${colorScheme}.png` });
      await tab.close();
    }
    await context.close();
  }
  await browser.close();
}
