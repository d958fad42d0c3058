// Takes a picture of every page of the portal, light and dark, into docs/images: `npm run pictures`.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { buildPortal } from "./build-portal.ts";
import { type SampleServer, withSampleServer } from "./portal-sample.ts";

/** A page of the portal, and what is done on it before its picture is taken. */
interface Picture {
  readonly path: string;
  readonly isSignedOut?: boolean;
  readonly prepare?: (page: Page) => Promise<void>;
}

const images = fileURLToPath(new URL("../docs/images/", import.meta.url));
const settleMilliseconds = 700;
const waitMilliseconds = 15_000;

buildPortal();
mkdirSync(images, { recursive: true });
await withSampleServer(takePictures);

async function takePictures(server: SampleServer): Promise<void> {
  const pictures = await listPictures(server);
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [name, picture] of Object.entries(pictures)) {
      const viewport = { width: 1280, height: 800 };
      const context = await browser.newContext({ colorScheme, viewport, timezoneId: "UTC", locale: "en-GB" });
      await takePicture(await context.newPage(), server, picture, `${images}${name}-${colorScheme}.png`);
      await context.close();
    }
  }
  await browser.close();
}

async function takePicture(page: Page, { origin, token }: SampleServer, picture: Picture, file: string): Promise<void> {
  page.setDefaultTimeout(waitMilliseconds);
  const { path, isSignedOut = false, prepare } = picture;
  await page.goto(`${origin}/portal${path}${isSignedOut ? "" : `#token=${token}`}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  await prepare?.(page);
  await page.waitForTimeout(settleMilliseconds);
  await page.screenshot({ path: file });
}

async function listPictures({ send }: SampleServer): Promise<Readonly<Record<string, Picture>>> {
  const { value: failed } = await send("GET", "/customerCreationOperations?$filter=status%20eq%20'failed'");
  const { value: done } = await send("GET", "/customerCreationOperations?$filter=status%20eq%20'succeeded'&$top=1");
  const { value: fine } = await send("GET", "/customers?$top=1");
  const { value: subscriptions } = await send("GET", "/subscriptions?$orderby=id%20desc");
  const [customer, city] = [fine[0].id, "Coimbra"];
  return {
    "sign-in": { path: "/", isSignedOut: true },
    dashboard: { path: "/" },
    customers: { path: "/customers?state=active&country=PT" },
    customer: { path: `/customers/${customer}` },
    edit: { path: `/customers/${customer}/edit` },
    conflict: {
      path: `/customers/${customer}/edit`,
      prepare: async (page) => {
        await page.getByLabel("City").fill("Porto");
        await send("PATCH", `/customers/${customer}`, { billingProfile: { defaultAddress: { city } } });
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByRole("alertdialog").waitFor();
        await send("PATCH", `/customers/${customer}`, { billingProfile: { defaultAddress: { city: "Lisboa" } } });
      },
    },
    history: { path: `/customers/${customer}?tab=history` },
    delete: {
      path: `/customers/${customer}`,
      prepare: (page) => page.getByRole("button", { name: "Delete" }).click(),
    },
    wizard: { path: "/customers/new", prepare: writeCompany },
    review: { path: "/customers/new", prepare: review },
    operations: { path: "/operations" },
    operation: { path: `/operations/${failed[0].id}` },
    timeline: { path: `/operations/${done[0].id}` },
    subscriptions: { path: "/subscriptions" },
    subscription: { path: `/subscriptions/${subscriptions[0].id}` },
    subscribe: { path: "/subscriptions/new" },
    explorer: {
      path: "/explorer",
      prepare: async (page) => {
        await page.getByLabel("GET /v1.0").fill("/customers?$top=2&$select=id,companyProfile");
        await page.getByRole("button", { name: "Send" }).click();
        await page.getByRole("status").waitFor();
      },
    },
    "no-page": { path: "/nowhere" },
  };
}

async function writeCompany(page: Page): Promise<void> {
  await page.getByLabel("Country").selectOption("PT");
  await page.getByLabel("Registered name").fill("Fabrikam Portugal Lda");
  await page.getByLabel("Domain").fill("customer1.onmicrosoft.com");
  await page.getByText("These are free").waitFor();
}

async function review(page: Page): Promise<void> {
  await writeCompany(page);
  await page.getByLabel("Domain").fill("fabrikam.onmicrosoft.com");
  await page.getByText("fabrikam.onmicrosoft.com is free.").waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  const written = { "First name": "Ana", "Last name": "Reis", "Street and number": "Rua Augusta 12", City: "Lisboa" };
  for (const [label, value] of Object.entries(written)) await page.getByLabel(label).fill(value);
  await page.getByLabel("Postal code").fill("1100-053");
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByText("Rua Augusta 12").waitFor();
}
