import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import Provider, { type Configuration } from "oidc-provider";
import { describe, expect, test } from "vitest";
import { createStorage, type ServerProcess, type Storage, startProcess } from "../support/process.ts";
import { partner } from "../support/service.ts";
import { findBarriers, openPortal, openTab } from "./browser.ts";

const audience = "api://tenantry";
const clientId = "portal";

/** A server that believes the tokens of an issuer, and has people sign in there. */
function startAt(issuer: string, storage: Storage): Promise<ServerProcess> {
  const keys = join(storage.directory, "keys");
  writeFileSync(keys, randomBytes(32).toString("base64"));
  const flags = ["--issuer", issuer, "--audience", audience, "--credential-keys-file", keys];
  return startProcess([...storage.flags, ...flags, "--portal-client-id", clientId]);
}

/** A certified OpenID Connect provider with its own pages, at which the portal of an origin is a public client. */
async function startProvider() {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    serve: (origin: string) => server.on("request", new Provider(url, configurationFor(origin)).callback()),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function configurationFor(origin: string): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code"],
        response_types: ["code"],
        redirect_uris: [`${origin}/portal/signed-in`],
      },
    ],
    clientBasedCORS: (_context, from) => from === origin,
    conformIdTokenClaims: false,
    claims: { openid: ["sub"], profile: ["name"] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, name: "Ana Reis" }) }),
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "",
          audience,
          accessTokenFormat: "jwt",
          accessTokenTTL: 600,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    extraTokenClaims: () => ({ tid: partner, roles: ["Customer.ReadWrite.All"], azp: clientId }),
  };
}

describe("the sign-in", () => {
  test("goes by way of a real issuer with PKCE, and comes back to the page that was asked for", async () => {
    await using storage = await createStorage("sqlite");
    await using provider = await startProvider();
    await using server = await startAt(provider.url, storage);
    const origin = server.origins[0] ?? "";
    provider.serve(origin);
    await using tab = await openTab();
    const { page } = tab;
    // The issuer's own pages ask for a font on the internet.
    await page.route(/^https:/, (route) => route.fulfill({ body: "" }));

    await page.goto(`${origin}/portal/customers?search=contoso`);
    const asked = page.waitForRequest((request) => request.url().startsWith(`${provider.url}/auth?`));
    await page.getByRole("button", { name: "Sign in with" }).click();
    const question = new URL((await asked).url()).searchParams;
    await page.locator("[name=login]").fill("ana");
    await page.locator("[name=password]").fill("anything");
    await page.getByRole("button", { name: "Sign-in" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Customers" }).waitFor();
    await page.getByText("No customer is like that.").waitFor();
    const back = page.url();
    await page.getByRole("button", { name: "You: Ana Reis" }).click();
    await page.getByRole("menuitem", { name: "Sign out Ana Reis" }).click();
    await page.getByRole("heading", { name: "Sign in to Tenantry" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Sign in to Tenantry" }).waitFor();

    expect(question.get("response_type")).toBe("code");
    expect(question.get("code_challenge_method")).toBe("S256");
    expect(back).toBe(`${origin}/portal/customers?search=contoso`);
    expect(await page.getByLabel("Access token").count()).toBe(0);
    expect(await findBarriers(tab)).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });

  test("that the issuer refuses is said in words, and can be tried again", async () => {
    await using storage = await createStorage("sqlite");
    await using provider = await startProvider();
    await using server = await startAt(provider.url, storage);
    await using tab = await openTab();

    await tab.page.goto(`${server.origins[0]}/portal/signed-in?error=access_denied&state=forged`);
    await tab.page.getByText("You could not be signed in:").waitFor();

    expect(await tab.page.getByRole("button", { name: "Sign in with" }).count()).toBe(1);
    expect(tab.complaints).toEqual([]);
  });
});

describe("in development mode", () => {
  test("the printed token signs in, from the address of the banner or pasted, and does not stay in the address", async () => {
    await using storage = await createStorage("sqlite");
    await using server = await startProcess(storage.flags);
    const banner = /^ {2}(http\S+\/portal\/#token=\S+)$/m.exec(server.banner)?.[1] ?? "";
    await using tab = await openTab();
    const { page } = tab;

    await page.goto(banner);
    await page.getByRole("navigation", { name: "Pages", exact: true }).waitFor();
    const address = page.url();
    await using other = await openTab();
    await other.page.goto(`${server.origins[0]}/portal/customers`);
    await other.page.getByLabel("Access token").fill(server.token);
    const barriers = await findBarriers(other);
    await other.page.getByRole("button", { name: "Sign in with the token" }).click();
    await other.page.getByRole("heading", { name: "Customers" }).waitFor();

    expect(address).not.toContain("token");
    expect(barriers).toEqual([]);
    expect([...tab.complaints, ...other.complaints]).toEqual([]);
  });

  test("a token that is believed no more leads to the sign-in, which says why", async () => {
    await using storage = await createStorage("sqlite");
    await using server = await startProcess(storage.flags);
    await using tab = await openPortal({ ...server, token: "no.token.atall" }, "/customers");

    await tab.page.getByText("Your session has ended.").waitFor();

    expect(tab.complaints).toEqual([]);
  });
});
