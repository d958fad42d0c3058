import { describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { findBarriers, openPortal } from "./browser.ts";

describe("the list of operations", () => {
  // A reservation of two hours ends soon from its beginning, and what fails in passing is given up at once.
  const { server } = startBeforeAll("sqlite", ["--reservation-hours", "2", "--limits", "attemptsMax=1"]);

  test("shows what waits, and cancels it", async () => {
    await server.send("POST", "/v1.0/customerCreationOperations", { domain: "waiting.onmicrosoft.com" });
    await using tab = await openPortal(server, "/operations?show=waiting");
    const { page } = tab;

    await page.getByRole("button", { name: "Cancel: waiting.onmicrosoft.com" }).press("Enter");
    await page.getByRole("link", { name: "waiting.onmicrosoft.com" }).waitFor({ state: "detached" });
    const focused = await page.evaluate("document.activeElement.tagName");
    await page.getByRole("tab", { name: "All" }).click();
    await page.getByRole("row", { name: "waiting.onmicrosoft.com Canceled" }).waitFor();

    expect(focused).toBe("MAIN");
    expect(await findBarriers(tab)).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("shows what expires soon, and nothing else", async () => {
    await server.send("POST", "/v1.0/customerCreationOperations", { domain: "expiring.onmicrosoft.com" });
    await server.send("POST", "/v1.0/customers", {
      companyProfile: { domain: "done.onmicrosoft.com" },
      billingProfile: {},
    });
    await using tab = await openPortal(server, "/operations");
    const { page } = tab;

    await page.getByRole("row", { name: "done.onmicrosoft.com Succeeded" }).waitFor();
    await page.getByRole("tab", { name: "Expiring soon" }).click();
    await page.getByRole("link", { name: "done.onmicrosoft.com" }).waitFor({ state: "detached" });

    expect(await page.getByRole("link", { name: "expiring.onmicrosoft.com" }).count()).toBe(1);
    expect(page.url()).toMatch(/\?show=expiring$/);
    expect(tab.complaints).toEqual([]);
  });

  test("tries again in its row what failed in passing", async () => {
    await server.send("POST", "/v1.0/customers", {
      companyProfile: { domain: "failalways.onmicrosoft.com" },
      billingProfile: {},
    });
    await using tab = await openPortal(server, "/operations?show=failed");
    const { page } = tab;

    const again = page.getByRole("button", { name: "Try again: failalways.onmicrosoft.com" });
    await again.waitFor();
    const barriers = await findBarriers(tab);
    const answered = page.waitForResponse((response) => response.url().endsWith("/retry"));
    await again.click();
    const response = await answered;
    await again.waitFor();

    expect(response.ok()).toBe(true);
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });
});
