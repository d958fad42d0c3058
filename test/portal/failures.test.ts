import { describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { findBarriers, openPortal, type Tab } from "./browser.ts";

describe("the portal says that it could not be loaded", () => {
  const { server } = startBeforeAll("sqlite");

  const notLoaded = ({ page }: Tab) => page.getByText("The page could not be loaded.");
  const again = ({ page }: Tab) => page.getByRole("button", { name: "Load the page again" });

  test.each(["light", "dark"] as const)(
    "when the server does not tell how people sign in, in %s",
    async (colorScheme) => {
      await using tab = await openPortal(server, "/nowhere", { colorScheme });
      const { page } = tab;
      await page.getByRole("heading", { name: "There is no such page" }).waitFor();
      await page.route("**/portal/config.json", (route) => route.abort());
      await page.goto(`${server.origins[0]}/portal/customers`);
      await notLoaded(tab).waitFor();
      const barriers = await findBarriers(tab);
      await page.unroute("**/portal/config.json");

      await again(tab).click();
      await page.getByRole("heading", { name: "Customers" }).waitFor();

      expect(barriers).toEqual([]);
    },
  );

  test("when a part of it is not there any more, and the other pages stay within reach", async () => {
    await using tab = await openPortal(server, "/customers");
    const { page } = tab;
    await page.getByRole("heading", { name: "Customers" }).waitFor();
    await page.route("**/operations-page-*.js", (route) => route.fulfill({ status: 404 }));

    await page.getByRole("link", { name: "Operations" }).click();
    await notLoaded(tab).waitFor();
    const barriers = await findBarriers(tab);
    await page.getByRole("link", { name: "Customers" }).click();
    await page.getByRole("heading", { name: "Customers" }).waitFor();
    await page.unroute("**/operations-page-*.js");
    await page.goto(`${server.origins[0]}/portal/operations`);
    await page.getByRole("heading", { name: "Operations" }).waitFor();

    expect(barriers).toEqual([]);
  });
});
