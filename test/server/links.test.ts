import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Listener, listen } from "../../src/server/listen.ts";
import { engines, type Service, startService } from "../support/service.ts";
import { handleOf } from "./answering.ts";
import { type RawAnswer, requestLines, sendRaw } from "./raw-http.ts";

describe.each(engines)("the links in answers over the network, on %s,", (engine) => {
  let service: Service;
  let listener: Listener;
  beforeAll(async () => {
    service = await startService(engine);
    listener = await listen(service.context, await handleOf(service), { host: "127.0.0.1", port: 0 });
  });
  afterAll(async () => {
    await listener.close();
    await service[Symbol.asyncDispose]();
  });

  const send = (host: string) => sendRaw(listener.origin, requestLines("GET /v1.0/ HTTP/1.1", `Host: ${host}`));
  const context = (answer: RawAnswer) => JSON.parse(answer.body)["@odata.context"];

  test.each(["localhost:1234", "api.example", "[::1]:8080", "127.0.0.1"])(
    "show the Host %s that was asked",
    async (host) => {
      const answer = await send(host);

      expect(context(answer)).toBe(`http://${host}/v1.0/$metadata`);
    },
  );

  test.each([
    'a"><script>alert(1)</script>',
    "evil.example/path?",
    "user@evil.example",
    "evil.example#",
    "a b",
    "a,b",
    "evil.example:80:80",
    "evil.example\\@good.example",
    "%65vil.example",
    "",
  ])("show nothing of the Host '%s', which is none", async (host) => {
    const answer = await send(host);

    if (answer.status === 200) expect(context(answer)).toBe(`${listener.origin}/v1.0/$metadata`);
    else expect(answer.status).toBe(400);
    if (host !== "") expect(JSON.stringify(answer)).not.toContain(JSON.stringify(host).slice(1, -1));
  });

  test("show the address that is listened on to a client of HTTP 1.0, which sends no Host", async () => {
    const answer = await sendRaw(listener.origin, requestLines("GET /v1.0/ HTTP/1.0"));

    expect(context(answer)).toBe(`${listener.origin}/v1.0/$metadata`);
  });

  test("may be sent behind the root, as the JavaScript client of Graph does over http", async () => {
    const { host } = new URL(listener.origin);
    const ask = (url: string) => sendRaw(listener.origin, requestLines(`GET /v1.0/${url} HTTP/1.1`, `Host: ${host}`));

    const own = await ask(`http://${host}/v1.0/$metadata`);
    const others = await ask("http://evil.example/v1.0/$metadata");

    expect([own.status, own.headers["content-type"]]).toEqual([200, "application/xml"]);
    expect(others.status).toBe(404);
  });

  test("show the public URL when there is one, whatever the Host", async () => {
    const publicUrl = "https://api.example";
    const handle = await handleOf(service);
    const behind = await listen(service.context, handle, { host: "127.0.0.1", port: 0, publicUrl });

    const answer = await sendRaw(
      behind.origin,
      requestLines("GET /v1.0/ HTTP/1.1", "Host: evil.example", "X-Forwarded-Host: evil.example"),
    );
    await behind.close();

    expect(context(answer)).toBe("https://api.example/v1.0/$metadata");
    expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000");
    expect(answer.body).not.toContain("evil");
  });
});
