import { beforeAll, describe, expect, test } from "vitest";
import { readDevelopmentKey, signToken } from "../../src/cli/development-key.ts";
import { defaultPartner } from "../../src/cli/token.ts";
import { startBeforeAll } from "../support/own-server.ts";
import type { ServerProcess } from "../support/process.ts";
import { findBarriers, openPortal } from "./browser.ts";
import { addressesOf, fillServer } from "./world.ts";

describe("someone whose token may only read customers and operations", () => {
  const { server, storage } = startBeforeAll("sqlite");
  let reader: ServerProcess;
  beforeAll(async () => {
    await fillServer(server);
    const permissions = ["Customer.Read.All", "CustomerCreationOperation.Read.All"];
    const key = await readDevelopmentKey(storage.directory);
    reader = { ...server, token: await signToken(key, { partnerId: defaultPartner, permissions, expires: "1h" }) };
  }, 120_000);

  test("sees in the history what happened, and is told why not by whom", async () => {
    const { customer } = await addressesOf(server, "Fabrikam");
    await using tab = await openPortal(reader, `${customer}?tab=history`);
    const { page } = tab;

    await page.getByText("AuditEvent.Read.All").waitFor();
    const events = await page.getByRole("list", { name: "History" }).getByRole("listitem").allTextContents();

    expect(events.some((each) => each.endsWith("The customer was created"))).toBe(true);
    expect(events.some((each) => each.includes(" by "))).toBe(false);
    expect(await findBarriers(tab)).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("is told by the server what the token does not allow, and nothing changes", async () => {
    const { customer } = await addressesOf(server, "Fabrikam");
    const before = await server.send("GET", `/v1.0${customer}`);
    await using tab = await openPortal(reader, `${customer}/edit`);
    const { page } = tab;

    await page.getByLabel("City").fill("Porto");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Customer.ReadWrite.All").waitFor();

    expect((await server.send("GET", `/v1.0${customer}`)).json).toEqual(before.json);
    expect(await findBarriers(tab)).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });
});
