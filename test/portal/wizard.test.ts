import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { findBarriers, openPortal } from "./browser.ts";

// Each stage takes its time, so that it can be seen.
const { server } = startBeforeAll("sqlite", ["--local-delay-seconds", "0.7"]);

async function writeCompany(page: Page, domain: string): Promise<void> {
  await page.getByLabel("Country").selectOption({ label: "Portugal" });
  await page.getByLabel("Registered name").fill("Fabrikam Portugal Lda");
  await page.getByLabel("Domain").fill(domain);
  await page.getByText(`${domain} is free.`).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
}

async function writeContact(page: Page, given: Readonly<Record<string, string>>): Promise<void> {
  const ordinary = { "First name": "Ana", "Last name": "Reis", "Street and number": "Rua Augusta 12", City: "Lisboa" };
  for (const [label, value] of Object.entries({ ...ordinary, ...given })) await page.getByLabel(label).fill(value);
  await page.getByRole("button", { name: "Review" }).click();
}

const tabsMax = 60;

/** Goes on with the tabulator until the control of a name, or with a text, has the focus. */
async function reach(page: Page, name: string): Promise<void> {
  for (let count = 0; count < tabsMax; count += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate("document.activeElement.name || document.activeElement.textContent");
    if (focused === name) return;
  }
  throw new Error(`'${name}' is not reached by the tabulator.`);
}

/** What the part of the page is called that has the focus. */
function nameOfFocused(page: Page): Promise<string> {
  return page.evaluate<string>(
    "document.activeElement.getAttribute('aria-labelledby') ?? document.activeElement.textContent",
  );
}

async function write(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await reach(page, name);
    await page.keyboard.type(value);
  }
}

async function push(page: Page, text: string): Promise<void> {
  await reach(page, text);
  await page.keyboard.press("Enter");
}

describe("the wizard", () => {
  test("adds a customer: the fault is put right at its field, the stages go by, the credentials are claimed once", async () => {
    await using tab = await openPortal(server, "/customers");
    const { page } = tab;
    await page.getByRole("button", { name: "Add customer" }).click();
    const barriers = [...(await findBarriers(tab))];
    await writeCompany(page, "fabrikam.onmicrosoft.com");
    await page.getByText("Such as 1100-053").waitFor();
    const culture = await page.getByLabel("Culture").inputValue();
    await writeContact(page, { "E-mail": "ana@fabrikam.example", "Postal code": "ABC" });
    await page.getByText("must be a postal code of Portugal").waitFor();
    const focused = await page.evaluate<string>("document.activeElement.name");
    barriers.push(...(await findBarriers(tab)));
    await page.getByLabel("Postal code").fill("1100-053");
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByText("Rua Augusta 12").waitFor();
    const reviewed = await page.locator("dd").allTextContents();
    barriers.push(...(await findBarriers(tab)));
    await page.getByRole("button", { name: "Create the customer" }).click();

    const seen = new Set<string>();
    const status = page.getByRole("status");
    for (let stage = ""; !stage.startsWith("Succeeded"); stage = (await status.textContent()) ?? "") seen.add(stage);
    await page.getByRole("button", { name: "Claim the credentials" }).click();
    await page.getByRole("button", { name: "Copy the password" }).click();
    await page.getByRole("button", { name: "The password is copied" }).waitFor();
    const password = await page.getByLabel("Password", { exact: true }).inputValue();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    barriers.push(...(await findBarriers(tab)));
    await page.reload();
    await page.getByRole("button", { name: "Claim the credentials" }).click();
    const again = await page.getByText("The credentials were handed over already").textContent();
    await page.getByRole("link", { name: "Fabrikam Portugal Lda" }).click();
    await page.getByRole("heading", { name: "Fabrikam Portugal Lda" }).waitFor();

    expect(culture).toBe("pt-PT");
    expect(reviewed).toEqual(
      expect.arrayContaining(["Portugal", "European Portuguese (pt-PT)", expect.stringMatching(/^Portuguese \(pt/)]),
    );
    expect(focused).toBe("billingProfile/defaultAddress/postalCode");
    expect([...seen].some((each) => each.includes("Making the tenant, 10 %"))).toBe(true);
    expect(seen.size).toBeGreaterThan(3);
    expect(password).toMatch(/\S{8,}/);
    expect(copied).toBe(password);
    expect(again).toContain("Set a new password");
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("is gone through by the keyboard alone, from the country to the credentials", async () => {
    await using tab = await openPortal(server, "/customers/new");
    const { page } = tab;
    await page.getByLabel("Country").waitFor();
    const address = "billingProfile/defaultAddress";

    await write(page, { [`${address}/country`]: "Germany", "billingProfile/companyName": "Tastatur GmbH" });
    await write(page, { "companyProfile/domain": "tastatur.onmicrosoft.com" });
    await page.getByText("tastatur.onmicrosoft.com is free.").waitFor();
    await push(page, "Next");
    await page.getByLabel("First name").waitFor();
    const atSecondStep = await nameOfFocused(page);
    await write(page, { [`${address}/firstName`]: "Ana", [`${address}/lastName`]: "Reis" });
    await write(page, { "billingProfile/email": "ana@tastatur.example", [`${address}/addressLine1`]: "Allee 1" });
    await write(page, { [`${address}/city`]: "Berlin", [`${address}/postalCode`]: "10115" });
    await push(page, "Review");
    await page.getByText("Allee 1").waitFor();
    await push(page, "Create the customer");
    await page.getByRole("status").filter({ hasText: "Succeeded" }).waitFor();
    await push(page, "Claim the credentials");
    await page.getByLabel("Password", { exact: true }).waitFor();
    const afterClaim = await nameOfFocused(page);

    expect([atSecondStep, afterClaim]).toEqual(["2Contact and address", "credentials"]);
    expect(tab.complaints).toEqual([]);
  });

  test("says while it is typed that a domain is taken, and offers others that are free", async () => {
    await server.send("POST", "/v1.0/customerCreationOperations", { domain: "contoso.onmicrosoft.com" });
    await using tab = await openPortal(server, "/customers/new");
    const { page } = tab;

    await page.getByLabel("Domain").fill("contoso.onmicrosoft.com");
    await page.getByRole("button", { name: "contosohq.onmicrosoft.com" }).click();
    await page.getByText("contosohq.onmicrosoft.com is free.").waitFor();

    expect(await page.getByLabel("Domain").inputValue()).toBe("contosohq.onmicrosoft.com");
    expect(tab.complaints).toEqual([]);
  });

  test("asks for what a country has and no other: states to choose from, a registration number", async () => {
    await using tab = await openPortal(server, "/customers/new");
    const { page } = tab;

    await page.getByLabel("Country").selectOption({ label: "Brazil" });
    await page.getByText("Such as", { exact: false }).waitFor();
    const inBrazil = await page.getByLabel(/CNPJ|Registration/).count();
    await page.getByLabel("Country").selectOption({ label: "United States" });
    await page.getByLabel(/CNPJ|Registration/).waitFor({ state: "detached" });
    await page.getByLabel("Registered name").fill("Contoso");
    await page.getByLabel("Domain").fill("contosous.onmicrosoft.com");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("State or province").selectOption({ label: "Washington" });

    expect(inBrazil).toBe(1);
    expect(await page.getByLabel("State or province").inputValue()).toBe("WA");
    expect(tab.complaints).toEqual([]);
  });

  test.each([320, 500, 1280])("wraps what has no space to be broken at, on %i pixels", async (width) => {
    await using tab = await openPortal(server, "/customers/new", { viewport: { width, height: 800 } });
    const { page } = tab;
    const long = "a".repeat(150);
    const isScrolled = () => page.evaluate<boolean>("document.documentElement.scrollWidth > innerWidth");
    await page.getByLabel("Country").selectOption({ label: "Portugal" });
    await page.getByLabel("Registered name").fill(long);
    await page.getByLabel("Domain").fill(`${long}.onmicrosoft.com`);
    await page.getByLabel("Domain").and(page.locator("[aria-invalid=true]")).waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("Registered name").and(page.locator("[aria-invalid=true]")).waitFor();
    const inFirstStep = await isScrolled();
    await page.getByLabel("Registered name").fill("ab".repeat(40));
    await page.getByLabel("Domain").fill(`wrapped${width}.onmicrosoft.com`);
    await page.getByText(`wrapped${width}.onmicrosoft.com is free.`).waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await writeContact(page, { "E-mail": long, "Postal code": long });
    await page.getByLabel("E-mail").and(page.locator("[aria-invalid=true]")).waitFor();
    const inSecondStep = await isScrolled();
    await page.getByLabel("E-mail").fill("ana@fabrikam.example");
    await page.getByLabel("Postal code").fill("1100-053");
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByRole("button", { name: "Create the customer" }).waitFor();
    const inReview = await isScrolled();

    expect([inFirstStep, inSecondStep, inReview]).toEqual([false, false, false]);
  });

  test("keeps what was written when the page is loaded again", async () => {
    await using tab = await openPortal(server, "/customers/new");
    const { page } = tab;

    await page.getByLabel("Registered name").fill("Northwind");
    await page.reload();

    expect(await page.getByLabel("Registered name").inputValue()).toBe("Northwind");
  });
});

test("an operation that failed for good is corrected at the field that it failed of, and goes on", async () => {
  await using tab = await openPortal(server, "/customers/new");
  const { page } = tab;
  await writeCompany(page, "failemail1.onmicrosoft.com");
  await writeContact(page, { "Postal code": "1100-053" });
  await page.getByText("“E-mail” is required in Portugal.").waitFor();
  await page.getByRole("button", { name: "Create the customer" }).click();

  await page.getByRole("heading", { name: "Correct and try again" }).waitFor();
  const barriers = await findBarriers(tab);
  const fault = await page.getByLabel("E-mail").getAttribute("aria-invalid");
  await page.getByLabel("E-mail").fill("ana@fabrikam.example");
  await page.getByRole("button", { name: "Try again" }).press("Enter");
  await page.getByRole("status").filter({ hasText: "Succeeded" }).waitFor();
  const focused = await page.evaluate("document.activeElement.tagName");

  expect(fault).toBe("true");
  expect(focused).toBe("MAIN");
  expect(barriers).toEqual([]);
  expect(tab.complaints).toEqual([]);
});
