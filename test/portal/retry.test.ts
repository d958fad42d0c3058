import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { startReceiver, subscriptionBody } from "../support/receiver.ts";
import { findBarriers, openPortal } from "./browser.ts";
import { addressesOf, fillServer } from "./world.ts";

const { server } = startBeforeAll("sqlite");
let paths: Readonly<Record<string, string>>;
beforeAll(async () => {
  await fillServer(server);
  await using receiver = await startReceiver();
  const { json: subscribed } = await server.send("POST", "/v1.0/subscriptions", subscriptionBody(receiver.url));
  const { customer, operation } = await addressesOf(server, "Fabrikam");
  paths = {
    dashboard: "/",
    customers: "/customers",
    customer,
    history: `${customer}?tab=history`,
    edit: `${customer}/edit`,
    operations: "/operations",
    operation,
    subscriptions: "/subscriptions",
    subscription: `/subscriptions/${subscribed.id}`,
    explorer: "/explorer",
  };
}, 120_000);

/** Each page, and what is there when it could be read. */
const pages = [
  { name: "dashboard", shown: (page: Page) => page.getByText("p50", { exact: false }).first() },
  { name: "customers", shown: (page: Page) => page.getByRole("link", { name: "Fabrikam Lda" }) },
  { name: "customer", shown: (page: Page) => page.getByRole("tab", { name: "Billing" }) },
  { name: "history", shown: (page: Page) => page.getByText("Completed (succeeded)") },
  { name: "edit", shown: (page: Page) => page.getByLabel("City") },
  { name: "operations", shown: (page: Page) => page.getByRole("link", { name: "waiting.onmicrosoft.com" }) },
  { name: "operation", shown: (page: Page) => page.getByRole("list").getByText("Making the tenant") },
  { name: "subscriptions", shown: (page: Page) => page.getByRole("cell", { name: "Customers" }) },
  { name: "subscription", shown: (page: Page) => page.getByRole("button", { name: "Send a test" }) },
  { name: "explorer", shown: (page: Page) => page.getByLabel("GET /v1.0") },
] as const;

describe("what could not be read", () => {
  test.each(pages)("is read again by a button: $name", async ({ name, shown }) => {
    await using tab = await openPortal(server, "/nowhere");
    const { page } = tab;
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    await page.route("**/v1.0/**", (route) => route.abort());

    await page.goto(`${server.origins[0]}/portal${paths[name]}`);
    await page.getByText("The server cannot be reached.").first().waitFor();
    const barriers = await findBarriers(tab);
    await page.unroute("**/v1.0/**");
    const again = page.getByRole("button", { name: "Try again" });
    const buttons = await again.all();
    // From the last on: each is named by its place, and goes.
    for (const each of buttons.reverse()) await each.click();
    await shown(page).waitFor();
    await again.first().waitFor({ state: "detached" });

    expect(buttons.length).toBeGreaterThan(0);
    expect(barriers).toEqual([]);
  });
});

test("whoever tries again with the keyboard is at the page afterwards, and not before the navigation", async () => {
  await using tab = await openPortal(server, "/nowhere");
  const { page } = tab;
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await page.route("**/v1.0/**", (route) => route.abort());
  await page.goto(`${server.origins[0]}/portal${paths["customer"]}`);
  const again = page.getByRole("button", { name: "Try again" });
  await again.press("Enter");
  await page.getByText("The server cannot be reached.").waitFor();
  await page.unroute("**/v1.0/**");

  await again.press("Enter");
  await page.getByRole("tab", { name: "Billing" }).waitFor();

  expect(await page.evaluate("document.activeElement.tagName")).toBe("MAIN");
});

test("what was read once stays when it cannot be read again", async () => {
  await using tab = await openPortal(server, "/operations");
  const { page } = tab;
  await page.getByRole("link", { name: "waiting.onmicrosoft.com" }).waitFor();
  await page.route("**/v1.0/**", (route) => route.abort());

  // The list is read again every few seconds.
  await page.getByText("The server cannot be reached.").waitFor();

  expect(await page.getByRole("link", { name: "waiting.onmicrosoft.com" }).count()).toBe(1);
});

test("a correction that does not reach the server is said to, and stays", async () => {
  const { operation } = await addressesOf(server, "Northwind");
  await using tab = await openPortal(server, operation);
  const { page } = tab;
  await page.getByLabel("E-mail").fill("ana@northwind.example");
  await page.route("**/v1.0/**/retry", (route) => route.abort());

  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("The server cannot be reached.").waitFor();

  expect(await page.getByLabel("E-mail").inputValue()).toBe("ana@northwind.example");
  expect(await page.locator("[aria-invalid=true]").count()).toBe(0);
});

test("what is sent while the server says to wait is sent again by itself", async () => {
  await using tab = await openPortal(server, "/subscriptions/new");
  const { page } = tab;
  const statuses: number[] = [];
  page.on("response", (answer) => {
    if (answer.request().method() === "POST") statuses.push(answer.status());
  });
  await page.route(
    "**/v1.0/subscriptions",
    (route) => route.fulfill({ status: 429, headers: { "retry-after": "1" } }),
    {
      times: 1,
    },
  );

  await page.getByRole("button", { name: "Subscribe" }).click();
  await page.getByText("'notificationUrl' is required").waitFor();

  expect(statuses).toEqual([429, 400]);
});
