import { describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { engines, newDomain } from "../support/service.ts";

describe.each(engines)("a batch passes the network to a real server on %s", (engine) => {
  const { server } = startBeforeAll(engine);

  test("with a body in base64 and no headers, as kiota writes it", async () => {
    const domain = newDomain();
    const body = Buffer.from(JSON.stringify({ domain })).toString("base64");

    const answer = await server.send("POST", "/v1.0/$batch", {
      requests: [{ id: "2", method: "POST", url: "/customerCreationOperations", body }],
    });

    expect(answer.status).toBe(200);
    expect(answer.json.responses).toMatchObject([{ id: "2", status: 201, body: { domain } }]);
  });

  test("in multipart, in both directions", async () => {
    const text = "--b\r\nContent-Type: application/http\r\n\r\nGET customers/$count HTTP/1.1\r\n\r\n\r\n--b--\r\n";

    const response = await fetch(`${server.origins[0]}/v1.0/$batch`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "multipart/mixed;boundary=b" },
      body: text,
    });

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^multipart\/mixed; boundary=/);
    expect(await response.text()).toContain("HTTP/1.1 200 OK");
  });
});
