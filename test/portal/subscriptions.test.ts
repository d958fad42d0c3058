import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { type Receiver, startReceiver, subscriptionBody } from "../support/receiver.ts";
import { eventually } from "../support/service.ts";
import { findBarriers, openPortal } from "./browser.ts";

const dayMilliseconds = 86_400_000;

describe("the subscriptions", () => {
  const { server } = startBeforeAll("sqlite");
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
    return async () => {
      await removeAll();
      await receiver[Symbol.asyncDispose]();
    };
  });

  async function list() {
    const { json } = await server.send("GET", "/v1.0/subscriptions");
    return json.value;
  }

  async function removeAll() {
    for (const { id } of await list()) await server.send("DELETE", `/v1.0/subscriptions/${id}`);
  }

  async function subscribe(more: object = {}): Promise<string> {
    const { json } = await server.send("POST", "/v1.0/subscriptions", subscriptionBody(receiver.url, more));
    return json.id;
  }

  async function openOperation(domain: string) {
    await server.send("POST", "/v1.0/customerCreationOperations", { domain });
  }

  test("are made with all that was written, and the receiver is asked first", async () => {
    await using tab = await openPortal(server, "/subscriptions");
    const { page } = tab;
    const expires = new Date(Date.now() + dayMilliseconds).toISOString().slice(0, "2026-01-01T00:00".length);

    await page.getByText("Nobody is told of changes yet.").waitFor();
    await page.getByRole("button", { name: "New subscription" }).click();
    await fieldOf(page, "Notification URL").fill(receiver.url);
    await page.getByLabel("Lifecycle notification URL").fill(`${receiver.url}/life`);
    await page.getByLabel("Deleted").uncheck();
    await page.getByLabel("Ends").fill(expires);
    await page.getByLabel("Client state").fill("s3cret");
    await page.getByLabel("Filter").fill("lifecycleState eq 'active'");
    const barriers = await findBarriers(tab);
    await page.getByRole("button", { name: "Subscribe" }).click();
    await page.getByRole("heading", { name: "Subscription to customers" }).waitFor();
    const shown = await page.getByRole("main").textContent();
    const made = await list();

    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({
      resource: "customers",
      changeType: "created,updated",
      notificationUrl: receiver.url,
      lifecycleNotificationUrl: `${receiver.url}/life`,
      expirationDateTime: `${expires}:00.000Z`,
      notificationQueryOptions: "$filter=lifecycleState eq 'active'",
    });
    expect(receiver.handshakes).toHaveLength(2);
    expect(shown).not.toContain("s3cret");
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test.each([
    { about: "Notification URL", value: "http://fabrikam.example/hook", fault: "must begin with https://" },
    { about: "Notification URL", value: "http://127.0.0.1:9/hook", fault: "Subscription validation request failed." },
    { about: "Lifecycle notification URL", value: "nowhere", fault: "must be an absolute URL" },
    { about: "Ends", value: "2020-01-01T00:00", fault: "must be in the future" },
    { about: "Filter", value: "colour eq 'red'", fault: "colour" },
    {
      about: "Only the one with this key",
      value: "00000000-0000-4000-8000-000000000000",
      fault: "There is no customer",
    },
  ])("show at '$about' what the server has to complain of '$value', and nothing is made", async (example) => {
    const { about, value, fault } = example;
    await using tab = await openPortal(server, "/subscriptions/new");
    const { page } = tab;

    await fieldOf(page, "Notification URL").fill(receiver.url);
    const field = fieldOf(page, about);
    await field.fill(value);
    await page.getByRole("button", { name: "Subscribe" }).click();
    await page.getByText(fault).waitFor();

    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await describing(page, await field.getAttribute("aria-describedby"))).toContain(fault);
    expect(await findBarriers(tab)).toEqual([]);
    expect(await list()).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("show all that is missing at once, each at its field until that is changed", async () => {
    await using tab = await openPortal(server, "/subscriptions/new");
    const { page } = tab;

    for (const name of ["Created", "Updated", "Deleted"]) await page.getByLabel(name).uncheck();
    await page.getByLabel("Ends").fill("");
    await page.getByRole("button", { name: "Subscribe" }).click();
    await page.getByText("'notificationUrl' is required").waitFor();
    const group = page.getByRole("group", { name: "Which changes are told" });
    const described = await describing(page, await group.getAttribute("aria-describedby"));

    const faults = await page.getByRole("alert").allTextContents();
    const barriers = await findBarriers(tab);
    await page.getByLabel("Updated").check();
    await page.getByText("'changeType' is required").waitFor({ state: "detached" });

    expect(faults).toHaveLength(3);
    expect(described).toContain("'changeType' is required");
    expect(barriers).toEqual([]);
    expect(await page.getByRole("alert").allTextContents()).toHaveLength(2);
    expect(await list()).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("show each delivery with its attempts, what was answered, how long it took and when it is tried next", async () => {
    receiver.answer = async () => ({ status: 503 });
    const id = await subscribe({ resource: "customerCreationOperations" });
    await openOperation("retried.onmicrosoft.com");
    await using tab = await openPortal(server, "/subscriptions");
    const { page } = tab;

    await page.getByRole("cell", { name: "Retrying" }).waitFor();
    const barriers = [...(await findBarriers(tab))];
    await page.getByRole("link", { name: receiver.url }).click();
    const row = page.getByRole("row").filter({ hasText: "1 change" });
    await row.filter({ hasText: "503" }).waitFor();
    const [, purpose, status, attempts, answer, latency, next] = await row.getByRole("cell").allTextContents();
    barriers.push(...(await findBarriers(tab)));
    await page.getByRole("button", { name: /^Tell again from here: sent at/ }).click();
    await page.getByText("is on its way again").waitFor();
    // Not before: a try of its own would take the first delivery out of the hands of who tells it again.
    receiver.answer = async () => ({ status: 202 });
    await row.filter({ hasText: "Delivered" }).waitFor();
    const { json } = await server.send("GET", `/v1.0/subscriptions/${id}/deliveries?$orderby=id`);

    expect([purpose, status]).toEqual(["1 change", "Retrying"]);
    expect(Number(attempts)).toBeGreaterThan(0);
    expect(answer).toBe("The receiver answered with HTTP status 503.");
    expect(latency).toMatch(/^[\d,]+ ms$/);
    expect(next).toMatch(/\d\d:\d\d:\d\d$/);
    expect(json.value).toMatchObject([{ status: "dropped" }, { status: "delivered", statusCode: 202 }]);
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("send a test, and say what came of it", async () => {
    const id = await subscribe();
    await using tab = await openPortal(server, `/subscriptions/${id}`);
    const { page } = tab;

    await page.getByText("Nothing was sent in the last 7 days.").waitFor();
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.getByText(/^The test was taken within \d+ ms and answered 202\.$/).waitFor();
    await page.getByRole("row").filter({ hasText: "Test" }).filter({ hasText: "Delivered" }).waitFor();
    const barriers = await findBarriers(tab);
    receiver.answer = async () => ({ status: 500 });
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.getByText("The test was not taken: The receiver answered with HTTP status 500.").waitFor();
    await page.getByRole("row").filter({ hasText: "Dropped" }).waitFor();

    expect(receiver.told.map(({ isTest }) => isTest)).toEqual([true, true]);
    expect(barriers).toEqual([]);
    expect(await findBarriers(tab)).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("tell all changes since an instant again", async () => {
    const id = await subscribe({ resource: "customerCreationOperations" });
    await openOperation("again.onmicrosoft.com");
    await eventually(async () => (receiver.taken.length === 1 ? true : undefined));
    await using tab = await openPortal(server, `/subscriptions/${id}`);
    const { page } = tab;

    await page.getByRole("button", { name: "Tell again", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Tell changes again" });
    const barriers = await findBarriers(tab);
    await dialog.getByLabel("Since").fill("");
    await dialog.getByRole("button", { name: "Tell again" }).click();
    await dialog.getByText("Say where to begin").waitFor();
    await dialog.getByLabel("Since").fill("2020-01-01T00:00");
    await dialog.getByRole("button", { name: "Tell again" }).click();
    await page.getByText("is on its way again").waitFor();
    const ids = await eventually(async () => {
      const told = receiver.taken.map((each) => each.id);
      return told.filter((each) => each === told[0]).length === 2 ? told : undefined;
    });

    expect(ids.length).toBeGreaterThanOrEqual(2);
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("are renewed, and what the server complains of stands at the field", async () => {
    const id = await subscribe();
    await using tab = await openPortal(server, `/subscriptions/${id}`);
    const { page } = tab;
    const until = new Date(Date.now() + 3 * dayMilliseconds).toISOString().slice(0, "2026-01-01T00:00".length);

    await page.getByRole("button", { name: "Renew" }).click();
    const dialog = page.getByRole("dialog", { name: "Renew the subscription" });
    await dialog.getByLabel("Ends").fill("2020-01-01T00:00");
    await dialog.getByRole("button", { name: "Renew" }).click();
    await dialog.getByText("must be in the future").waitFor();
    const isInvalid = await dialog.getByLabel("Ends").getAttribute("aria-invalid");
    const barriers = await findBarriers(tab);
    await dialog.getByLabel("Ends").fill(until);
    await dialog.getByText("must be in the future").waitFor({ state: "detached" });
    await dialog.getByRole("button", { name: "Renew" }).click();
    await page.getByText(/^It ends at .* now\.$/).waitFor();
    const [renewed] = await list();

    expect(isInvalid).toBe("true");
    expect(renewed.expirationDateTime).toBe(`${until}:00.000Z`);
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("are deleted by whoever has confirmed it, and not by who has canceled", async () => {
    const id = await subscribe();
    await using tab = await openPortal(server, `/subscriptions/${id}`);
    const { page } = tab;

    await page.getByRole("button", { name: "Delete" }).click();
    const barriers = await findBarriers(tab);
    await page.getByRole("button", { name: "Cancel" }).click();
    const kept = (await list()).length;
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete the subscription" }).click();
    await page.getByText("Nobody is told of changes yet.").waitFor();

    expect([kept, (await list()).length]).toEqual([1, 0]);
    expect(barriers).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });
});

/** A field by the whole of its label; those that must be filled have an asterisk. */
function fieldOf(page: Page, label: string) {
  return page.getByLabel(new RegExp(`^${label}\\*?$`));
}

/** The text of the elements that describe another. */
async function describing(page: Page, ids: string | null): Promise<string> {
  const texts = (ids ?? "").split(" ").map((id) => page.locator(`[id="${id}"]`).textContent());
  return (await Promise.all(texts)).join(" ");
}
