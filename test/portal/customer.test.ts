import { describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { eventually } from "../support/service.ts";
import { findBarriers, openPortal } from "./browser.ts";

describe("the page of a customer", () => {
  const { server } = startBeforeAll("sqlite");

  /** Adds a customer and waits until it is active. */
  async function addCustomer(name: string): Promise<string> {
    const { json } = await server.send("POST", "/v1.0/customers", {
      companyProfile: { domain: `${name.toLowerCase()}.onmicrosoft.com` },
      billingProfile: {
        companyName: name,
        email: "ana@fabrikam.example",
        culture: "pt-PT",
        language: "pt",
        defaultAddress: { country: "PT", city: "Lisboa", firstName: "Ana", lastName: "Reis" },
      },
    });
    await eventually(async () => {
      const read = await server.send("GET", `/v1.0/customers/${json.id}`);
      return read.json.lifecycleState === "active" ? true : undefined;
    });
    return json.id;
  }

  async function read(id: string) {
    const { json } = await server.send("GET", `/v1.0/customers/${id}`);
    return json;
  }

  test("shows company, billing and history, each with an address of its own", async () => {
    const id = await addCustomer("Fabrikam");
    await using tab = await openPortal(server, `/customers/${id}`);
    const { page } = tab;
    const barriers: string[] = [];

    await page.getByText("fabrikam.onmicrosoft.com").first().waitFor();
    barriers.push(...(await findBarriers(tab)));
    await page.getByRole("tab", { name: "Billing" }).click();
    await page.getByText("Lisboa").waitFor();
    barriers.push(...(await findBarriers(tab)));
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByText("Completed (succeeded)").waitFor();
    const added = await page.getByText("Added by tenantry-development").count();
    barriers.push(...(await findBarriers(tab)));
    const address = page.url();
    await page.getByRole("link", { name: /^The operation of/ }).click();
    await page.getByRole("heading", { name: "Creation of fabrikam.onmicrosoft.com" }).waitFor();

    expect(address).toMatch(/\?tab=history$/);
    expect(added).toBe(1);
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("is edited, and only what was changed is sent", async () => {
    const id = await addCustomer("Adventure");
    const before = await read(id);
    await using tab = await openPortal(server, `/customers/${id}`);
    const { page } = tab;

    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("City").fill("Porto");
    const barriers = await findBarriers(tab);
    const sent = page.waitForRequest((request) => request.method() === "PATCH");
    await page.getByRole("button", { name: "Save" }).click();
    const request = await sent;
    await page.getByRole("tab", { name: "Company" }).waitFor();
    const after = await read(id);
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByText("Changed by tenantry-development: City").waitFor();

    expect(request.postDataJSON()).toEqual({ billingProfile: { defaultAddress: { city: "Porto" } } });
    expect(request.headers()["if-match"]).toBe(before["@odata.etag"]);
    expect(after.billingProfile.defaultAddress.city).toBe("Porto");
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("shows both when someone else has changed it meanwhile, and keeps what is chosen", async () => {
    const id = await addCustomer("Northwind");
    await using tab = await openPortal(server, `/customers/${id}/edit`);
    const { page } = tab;
    await page.getByLabel("City").fill("Porto");
    await page.getByLabel("Last name").fill("Silva");
    await server.send("PATCH", `/v1.0/customers/${id}`, {
      billingProfile: { email: "bea@fabrikam.example", defaultAddress: { city: "Braga" } },
    });

    await page.getByRole("button", { name: "Save" }).click();
    const city = page.getByRole("radiogroup", { name: "City" });
    await city.getByLabel("Theirs: Braga").waitFor();
    const shown = await page.getByRole("alertdialog").textContent();
    const email = page.getByRole("radiogroup", { name: "E-mail" }).getByLabel("Theirs: bea@fabrikam.example");
    const isTheirsProposed = await email.isChecked();
    const barriers = await findBarriers(tab);
    await city.getByLabel("Theirs: Braga").check();
    await page.getByRole("button", { name: "Save this" }).click();
    await page.getByRole("tab", { name: "Company" }).waitFor();
    const { billingProfile } = await read(id);

    expect(shown).toContain("Yours: Porto");
    expect(isTheirsProposed).toBe(true);
    expect(billingProfile).toMatchObject({
      email: "bea@fabrikam.example",
      defaultAddress: { city: "Braga", lastName: "Silva" },
    });
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("shows a complaint of the server at the field that it is about, and changes nothing", async () => {
    const id = await addCustomer("Tailspin");
    await using tab = await openPortal(server, `/customers/${id}/edit`);
    const { page } = tab;

    await page.getByLabel("Postal code").fill("ABC");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("must be a postal code of Portugal").waitFor();

    expect(await page.evaluate("document.activeElement.name")).toBe("billingProfile/defaultAddress/postalCode");
    expect(await page.getByLabel("Postal code").getAttribute("aria-invalid")).toBe("true");
    expect((await read(id)).billingProfile.defaultAddress.postalCode).toBe(null);
    expect(tab.complaints).toEqual([]);
  });

  test("is deleted only by whoever has confirmed what that means", async () => {
    const id = await addCustomer("Wingtip");
    await using tab = await openPortal(server, `/customers/${id}`);
    const { page } = tab;

    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByText("It cannot be brought back.").waitFor();
    const confirm = page.getByRole("button", { name: "Delete the customer" });
    const isReadyAtOnce = await confirm.isEnabled();
    await page.keyboard.press("Escape");
    await confirm.waitFor({ state: "detached" });
    // The focus is given back a moment after the question is gone.
    await page.locator("button:focus", { hasText: "Delete" }).waitFor();
    await page.keyboard.press("Enter");
    const barriers = await findBarriers(tab);
    await page.getByLabel("I understand what this does").check();
    await confirm.click();
    await page.getByRole("heading", { name: "Customers" }).waitFor();
    const { status } = await server.send("GET", `/v1.0/customers/${id}`);

    expect(isReadyAtOnce).toBe(false);
    expect(status).toBe(404);
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("leads back to the list, and from its form to itself", async () => {
    const id = await addCustomer("Litware");
    await using tab = await openPortal(server, `/customers/${id}/edit`);
    const { page } = tab;
    const trail = page.getByRole("navigation", { name: "Where you are" });

    await trail.getByText("Edit").waitFor();
    const whole = await trail.getByRole("listitem").allTextContents();
    await trail.getByRole("link", { name: "Litware" }).click();
    await page.getByRole("tab", { name: "Company" }).waitFor();
    const current = await trail.locator("[aria-current=page]").textContent();
    await trail.getByRole("link", { name: "Customers" }).click();
    await page.getByRole("heading", { name: "Customers", exact: true }).waitFor();

    expect(whole.filter((each) => each !== "")).toEqual(["Customers", "Litware", "Edit"]);
    expect(current).toBe("Litware");
    expect(await trail.count()).toBe(0);
    expect(tab.complaints).toEqual([]);
  });

  test("calls what is a code by its name: country, state, culture and language", async () => {
    const { json } = await server.send("POST", "/v1.0/customers", {
      companyProfile: { domain: "codes.onmicrosoft.com" },
      billingProfile: {
        ...{ companyName: "Codes", culture: "en-US", language: "en" },
        defaultAddress: { country: "US", state: "WA", city: "Seattle" },
      },
    });
    await using tab = await openPortal(server, `/customers/${json.id}?tab=billing`);
    const { page } = tab;

    await page.getByText("Washington").waitFor();
    const shown = await page.locator("dd").allTextContents();

    expect(shown).toEqual(
      expect.arrayContaining(["United States", "Washington", "American English (en-US)", "English (en)"]),
    );
  });

  test("says so when there is none", async () => {
    await using tab = await openPortal(server, "/customers/00000000-0000-4000-8000-000000000000");

    await tab.page
      .getByText(/Resource '.*' does not exist|There is no/)
      .first()
      .waitFor();

    expect(await findBarriers(tab)).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });
});
