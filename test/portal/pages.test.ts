import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { type Receiver, startReceiver, subscriptionBody } from "../support/receiver.ts";
import { eventually } from "../support/service.ts";
import { findBarriers, openPortal, type Tab, visit } from "./browser.ts";
import { addressesOf, fillServer } from "./world.ts";

const firstLoadBytesMax = 350_000;

const { server } = startBeforeAll("sqlite");
let receiver: Receiver;
/** What is looked at page by page, so that what all pages need is loaded once. */
let shared: Tab;
let pages: Readonly<Record<string, { readonly path: string; readonly heading: string }>>;
beforeAll(async () => {
  await fillServer(server);
  receiver = await startReceiver();
  const { json: subscribed } = await server.send("POST", "/v1.0/subscriptions", subscriptionBody(receiver.url));
  await server.send("POST", `/v1.0/subscriptions/${subscribed.id}/sendTestNotification`, {});
  const fine = await addressesOf(server, "Fabrikam");
  const failed = await addressesOf(server, "Northwind");
  pages = {
    dashboard: { path: "/", heading: "Dashboard" },
    customers: { path: "/customers", heading: "Customers" },
    customer: { path: fine.customer, heading: "Fabrikam Lda" },
    edit: { path: `${fine.customer}/edit`, heading: "Edit Fabrikam Lda" },
    wizard: { path: "/customers/new", heading: "Add a customer" },
    operations: { path: "/operations", heading: "Operations" },
    operation: { path: fine.operation, heading: "Creation of customer0.onmicrosoft.com" },
    failed: { path: failed.operation, heading: "Correct and try again" },
    subscriptions: { path: "/subscriptions", heading: "Subscriptions" },
    subscription: { path: `/subscriptions/${subscribed.id}`, heading: "Subscription to customers" },
    subscribe: { path: "/subscriptions/new", heading: "New subscription" },
    explorer: { path: "/explorer", heading: "API explorer" },
    nothing: { path: "/nowhere", heading: "There is no such page" },
  };
  shared = await openPortal(server, "/");
}, 120_000);
afterAll(async () => {
  await shared[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

const names = [
  "dashboard",
  "customers",
  "customer",
  "edit",
  "wizard",
  "operations",
  "operation",
  "failed",
  "subscriptions",
  "subscription",
  "subscribe",
  "explorer",
  "nothing",
];

test.each(names)(
  "the page '%s' has no barrier in light and in dark, and nothing that a browser complains about",
  async (name) => {
    const { path, heading } = pages[name] ?? { path: "", heading: "" };
    const { page, complaints } = shared;
    const complaintsBefore = complaints.length;
    const barriers = [];

    await page.emulateMedia({ colorScheme: "light" });
    await visit(shared, server, path);
    await page.getByRole("heading", { name: heading, exact: true }).waitFor();
    await page.waitForLoadState("networkidle");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await eventually(async () => ((await shownIn(page)) === colorScheme ? true : undefined));
      barriers.push(await findBarriers(shared));
    }

    expect(await page.title()).toMatch(/ · Tenantry$/);
    expect(barriers).toEqual([[], []]);
    expect(complaints.slice(complaintsBefore)).toEqual([]);
  },
);

test.each([
  ["320 pixels", { width: 320, height: 640 }],
  ["4K", { width: 3840, height: 2160 }],
])(
  "every page fits on a screen of %s without being scrolled sideways",
  { timeout: 90_000 },
  async (_name, viewport) => {
    await using tab = await openPortal(server, "/", { viewport });
    const tooWide = [];
    for (const { path, heading } of Object.values(pages)) {
      await visit(tab, server, path);
      await tab.page.getByRole("heading", { name: heading, exact: true }).waitFor();
      const width = await tab.page.evaluate<number>("document.documentElement.scrollWidth");
      if (width > viewport.width) tooWide.push([path, width]);
    }

    expect(tooWide).toEqual([]);
  },
);

function shownIn(page: Page): Promise<string> {
  return page.evaluate<string>("getComputedStyle(document.querySelector('main')).colorScheme");
}

test("the appearance is chosen by hand, and stays so", async () => {
  await using tab = await openPortal(server, "/customers", { colorScheme: "light" });
  const { page } = tab;

  await page.getByRole("button", { name: /^You/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await page.reload();
  await page.getByRole("heading", { name: "Customers" }).waitFor();

  expect(await shownIn(page)).toBe("dark");
  expect(tab.complaints).toEqual([]);
});

test("the keyboard alone leads past the navigation, into the wizard and back to the list", async () => {
  await using tab = await openPortal(server, "/customers");
  const { page } = tab;
  const focused = () => page.evaluate<string>("document.activeElement.textContent || document.activeElement.name");
  await page.getByRole("link", { name: "Fabrikam Lda" }).waitFor();

  await page.keyboard.press("Tab");
  const first = await focused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const second = await focused();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Add a customer" }).waitFor();
  await page.keyboard.press("Tab");
  const third = await focused();
  await page.keyboard.press("Tab");
  const fourth = await page.evaluate<string>("document.activeElement.name");
  await page.keyboard.type("Germany");
  const chosen = await page.getByLabel("Country").inputValue();

  expect([first, second, third, fourth]).toEqual([
    "Skip to the content",
    "Add customer",
    "Customers",
    "billingProfile/defaultAddress/country",
  ]);
  expect(chosen).toBe("DE");
});

test("the dashboard counts, and its tiles lead to what they count", async () => {
  await using tab = await openPortal(server, "/");
  const { page } = tab;
  const tile = (name: string) =>
    page.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });

  await tile("Customers").filter({ hasText: "8" }).waitFor();
  const active = await tile("Active customers").textContent();
  const failing = await tile("Failing deliveries").textContent();
  // Each chart is drawn when its own answer has come, and to list what is shown waits for nothing.
  const day = page.getByRole("list", { name: "Customers created per day" }).getByRole("listitem");
  await day.first().waitFor();
  const days = await day.allTextContents();
  const duration = page.getByText(/^p50 .* over the last 7 that succeeded$/);
  await duration.waitFor();
  const reason = page.getByRole("list", { name: "Why the last ones failed" }).getByRole("listitem");
  await reason.first().waitFor();
  const reasons = await reason.allTextContents();
  await page.getByRole("link", { name: "Failed customers" }).click();
  await page.getByRole("link", { name: "Northwind Lda" }).waitFor();

  expect(active).toBe("7Active customers");
  expect(failing).toBe("0Failing deliveries");
  expect(days).toHaveLength(14);
  expect(days.at(-1)).toMatch(/^8\d/);
  expect(reasons).toEqual(["requiredFieldMissing1"]);
  expect(await page.getByRole("row").count()).toBe(2);
  expect(tab.complaints).toEqual([]);
});

test("the explorer sends what the document describes, and shows the answer and the same in code", async () => {
  await using tab = await openPortal(server, "/explorer");
  const { page } = tab;
  const body = page.locator("[data-part=body]");

  await page.getByLabel("GET /v1.0").fill("/customers?$top=1&$select=id&$filter=lifecycleState eq 'failed'");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("status").filter({ hasText: "200" }).waitFor();
  const found = JSON.parse((await body.textContent()) ?? "");
  const headers = await page.locator("[data-part=headers]").textContent();
  const curl = await page.getByRole("tabpanel").textContent();
  await page.getByRole("tab", { name: "Tenantry client" }).click();
  const code = await page.getByRole("tabpanel").textContent();
  await page.getByRole("tab", { name: "Graph client" }).click();
  const graphCode = await page.getByRole("tabpanel").textContent();
  await page.getByLabel("Request").selectOption("POST /customerCreationOperations");
  await page.getByLabel("Body").fill('{ "domain": "explored.onmicrosoft.com", "colour": 1 }');
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("status").filter({ hasText: "400" }).waitFor();
  const refusal = await body.textContent();
  await page.getByLabel("Body").fill("{");
  await page.getByText("This is no JSON").waitFor();

  expect(found.value).toHaveLength(1);
  expect(headers).toContain("request-id: ");
  expect(curl).toContain("curl -i -X GET");
  expect(curl).not.toContain(server.token);
  expect(code).toContain("path: \"/customers?$top=1&$select=id&$filter=lifecycleState eq 'failed'\"");
  expect(graphCode).toContain(".api(\"/customers?$top=1&$select=id&$filter=lifecycleState eq 'failed'\")");
  expect(refusal).toContain("'colour' is not a property");
  expect(await findBarriers(tab)).toEqual([]);
  expect(tab.complaints).toEqual([]);
});

describe("what is served", () => {
  test("loads less than 350 kB of scripts at first, compressed, and keeps it for ever", async () => {
    await using tab = await openPortal(server, "/customers");
    await tab.page.getByRole("link", { name: "Fabrikam Lda" }).waitFor();

    const scripts = await tab.page.evaluate<readonly { readonly name: string; readonly encodedBodySize: number }[]>(
      "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).map((each) => each.toJSON())",
    );
    const gzipped = await Promise.all(
      scripts.map(async ({ name }) => {
        const response = await fetch(name, { headers: { "accept-encoding": "gzip" } });
        await response.arrayBuffer();
        return response.headers;
      }),
    );
    const bytes = gzipped.map((headers) => Number(headers.get("content-length")));

    expect(bytes.every((each) => each > 0)).toBe(true);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(firstLoadBytesMax);
    expect(new Set(gzipped.map((headers) => headers.get("cache-control")))).toEqual(
      new Set(["public, max-age=31536000, immutable"]),
    );
  });

  test("admits no script and no style but its own files, and no frame", async () => {
    const response = await fetch(`${server.origins[0]}/portal/customers/any/depth`);
    const policy = response.headers.get("content-security-policy") ?? "";

    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'sha256-");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(policy).toContain("frame-ancestors 'none'");
  });

  test("tells the portal how people sign in, and nothing else", async () => {
    const response = await fetch(`${server.origins[0]}/portal/config.json`);

    expect(await response.json()).toEqual({ development: true });
  });

  test("is what the page of the server leads to", async () => {
    const headers = { accept: "text/html" };
    const front = await (await fetch(`${server.origins[0]}/`, { headers })).text();
    const link = /href="(\/portal\/[^"]*)"/.exec(front)?.[1];
    const portal = await fetch(`${server.origins[0]}${link}`, { headers });

    expect(link).toBe("/portal/");
    expect(await portal.text()).toContain('<div id="portal"></div>');
  });

  test("leaves other methods and other paths to the API", async () => {
    const statuses = [];
    for (const [method, path] of [
      ["GET", "/portal"],
      ["POST", "/portal/customers"],
      ["GET", "/portal/assets/none.js"],
      ["GET", "/portals"],
    ] as const) {
      statuses.push((await fetch(`${server.origins[0]}${path}`, { method, redirect: "manual" })).status);
    }

    expect(statuses).toEqual([302, 404, 404, 404]);
  });
});
