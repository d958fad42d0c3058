import { describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { createStorage, startProcess } from "../support/process.ts";

const portal = "https://portal.example";

describe("a server that other origins may use", () => {
  const { server } = startBeforeAll("sqlite", ["--cors-origins", `${portal}, https://second.example`]);

  function ask(method: string, headers: Readonly<Record<string, string>>, path = "/customers") {
    return fetch(`${server.origins[0]}/v1.0${path}`, { method, headers });
  }

  test("answers the question before a request 200, without a token, and allows what was asked", async () => {
    const { status, headers } = await ask("OPTIONS", {
      origin: portal,
      "access-control-request-method": "PATCH",
      "access-control-request-headers": "authorization,if-match,prefer",
    });

    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe(portal);
    expect(headers.get("access-control-allow-methods")).toContain("PATCH");
    expect(headers.get("access-control-allow-headers")).toBe("authorization,if-match,prefer");
    expect(headers.get("access-control-max-age")).toBe("600");
    expect(headers.get("vary")).toMatch(/Origin/i);
  });

  test("lets their scripts read the headers that matter, on refusals too", async () => {
    const read = await ask("GET", { origin: portal, authorization: `Bearer ${server.token}` });
    const refused = await ask("GET", { origin: portal });

    expect([read.status, refused.status]).toEqual([200, 401]);
    for (const { headers } of [read, refused]) {
      expect(headers.get("access-control-allow-origin")).toBe(portal);
      expect(headers.get("access-control-expose-headers")).toMatch(/ETag.*Location.*OData-EntityId.*Retry-After/);
      expect(headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  test("allows nothing to an origin that is not listed", async () => {
    const asked = await ask("OPTIONS", { origin: "https://evil.example", "access-control-request-method": "GET" });
    const read = await ask("GET", { origin: "https://evil.example" });

    expect(asked.headers.get("access-control-allow-origin")).toBeNull();
    expect(read.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("still tells the methods of a resource to a plain OPTIONS", async () => {
    const { status, headers } = await ask("OPTIONS", { origin: portal });

    expect(status).toBe(204);
    expect(headers.get("allow")).toContain("POST");
  });
});

test("a server allows no other origin unless it is told to", async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);

  const answer = await fetch(`${server.origins[0]}/v1.0/`, { headers: { origin: portal } });

  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
});
