import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { desktop, findBarriers, type Looking, openTab, type Tab } from "../portal/browser.ts";
import { startBeforeAll } from "../support/own-server.ts";

const { server } = startBeforeAll("sqlite");

const names = ["", "tutorial", "portal", "requests", "countries", "life-cycle", "decisions/", "architecture", "api"];
const phone = { width: 320, height: 640 };

/** What is looked at page by page, so that what all pages need is loaded once. */
let shared: Tab;
beforeAll(async () => {
  shared = await openTab();
});
afterAll(() => shared[Symbol.asyncDispose]());

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  test.each(names)("the page '/docs/%s' has no barrier, and nothing that a browser complains about", async (name) => {
    const complaintsBefore = shared.complaints.length;

    await look(name, { colorScheme, viewport: desktop });

    expect(await shared.page.title()).toMatch(/. · Tenantry$/);
    expect(await findBarriers(shared)).toEqual([]);
    expect(shared.complaints.slice(complaintsBefore)).toEqual([]);
  });

  test("the viewer shows what a request is about without a barrier, and sends it with a token", async () => {
    await using tab = await openTab({ colorScheme });
    const { page } = tab;
    await page.goto(`${server.origins[0]}/docs/api`);

    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByRole("textbox").fill(server.token);
    await page.getByRole("button", { name: "Apply credentials" }).click();
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.getByRole("heading", { name: /^customers/ }).click();
    await page.getByRole("button", { name: /^GET \/customers\/\$count/ }).click();
    const barriers = await findBarriers(tab);
    await page.getByRole("button", { name: "Try it out" }).click();
    await page.getByRole("button", { name: "Execute" }).click();
    await page.getByRole("cell", { name: "200" }).first().waitFor();

    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("what is dark for those who want it dark, is so in the viewer too", async () => {
    await using tab = await openTab({ colorScheme });
    const bright = "Number(/\\d+/.exec(getComputedStyle(document.body).backgroundColor)[0]) > 127";

    await tab.page.goto(`${server.origins[0]}/docs/tutorial`);
    const onPage = await tab.page.evaluate(bright);
    await tab.page.goto(`${server.origins[0]}/docs/api`);
    await tab.page.getByRole("button", { name: "Authorize" }).waitFor();
    const inViewer = await tab.page.evaluate(bright);
    const classes = await tab.page.evaluate<string>("document.documentElement.className");

    expect([onPage, inViewer]).toEqual([colorScheme === "light", colorScheme === "light"]);
    expect(classes).toBe(colorScheme === "light" ? "" : "dark-mode");
  });
});

test.each(names)("the page '/docs/%s' fits on a screen of 320 pixels without being scrolled sideways", async (name) => {
  await look(name, { colorScheme: "light", viewport: phone });

  expect(await shared.page.evaluate("document.documentElement.scrollWidth")).toBe(phone.width);
  expect(await findBarriers(shared)).toEqual([]);
});

/** Loads a page anew in the tab that is shared. */
async function look(name: string, { colorScheme, viewport }: Required<Looking>): Promise<void> {
  const { page } = shared;
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(viewport);
  await page.goto(`${server.origins[0]}/docs/${name}`);
  await page.waitForLoadState("networkidle");
}

test("the list of all pages leads from the tutorial to a guide", async () => {
  await using tab = await openTab();
  await tab.page.goto(`${server.origins[0]}/docs/`);

  await tab.page.getByRole("navigation").getByRole("link", { name: "Add your first customer" }).click();
  await tab.page.getByRole("navigation").getByRole("link", { name: "Back up and restore" }).click();

  expect(await tab.page.title()).toBe("Backup and restore · Tenantry");
});

describe("what is served", () => {
  const policyOf = async (path: string) =>
    (await fetch(`${server.origins[0]}${path}`)).headers.get("content-security-policy");

  test("admits no script but in the viewer, and there its own alone", async () => {
    expect(await policyOf("/docs/tutorial")).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self'; base-uri/);
    expect(await policyOf("/docs/api")).toContain("script-src 'self'; style-src 'self';");
    expect(await policyOf("/docs/api")).not.toMatch(/unsafe|\*|https?:/);
  });

  test("shows the files of the repository as they are, and needs no token", async () => {
    const response = await fetch(`${server.origins[0]}/docs/files/deploy/compose.yaml`);

    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await response.text()).toContain("services:");
  });

  test("is what the page of the server leads to", async () => {
    const front = await (await fetch(`${server.origins[0]}/`, { headers: { accept: "text/html" } })).text();
    const links = [...front.matchAll(/href="(\/docs\/[^"]*)"/g)].map(([, link]) => link);
    const answers = await Promise.all(links.map((link) => fetch(`${server.origins[0]}${link}`)));

    expect(links).toEqual(["/docs/", "/docs/tutorial", "/docs/api"]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test("is a page that leads back where there is none, for a browser alone", async () => {
    await using tab = await openTab();
    const { page } = tab;
    const path = `${server.origins[0]}/docs/none`;

    const answer = await page.goto(path);
    const title = await page.title();
    const barriers = await findBarriers(tab);
    await page.getByRole("main").getByRole("link").click();
    const other = await fetch(path);

    expect([answer?.status(), title]).toEqual([404, "No such page · Tenantry"]);
    expect(barriers).toEqual([]);
    expect(page.url()).toBe(`${server.origins[0]}/docs/`);
    expect([other.status, other.headers.get("content-type")]).toEqual([404, expect.stringContaining("json")]);
  });

  test("leaves other methods and what is not there to the API", async () => {
    const ask = async (method: string, path: string) => {
      const response = await fetch(`${server.origins[0]}${path}`, { method, redirect: "manual" });
      return response.status;
    };

    const statuses = [
      await ask("GET", "/docs"),
      await ask("POST", "/docs/tutorial"),
      await ask("GET", "/docs/none"),
      await ask("GET", "/docs/..%2fportal/index.html"),
    ];

    expect(statuses).toEqual([302, 404, 404, 404]);
  });
});
