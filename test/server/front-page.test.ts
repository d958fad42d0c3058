import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { offers } from "../../src/onboarding/offers.ts";
import { engines, type Service, startService } from "../support/service.ts";

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

describe.each(engines)("the root of the server on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test("shows a browser a page of everything that can be asked for", async () => {
    const { status, headers, text = "" } = await service.get("!/", { token: null, headers: { accept: browser } });

    const missing = offers.filter(
      ({ path, summary }) => !text.includes(`<code>/v1.0${path}</code>`) || !text.includes(summary),
    );
    expect(status).toBe(200);
    expect(headers["Content-Type"]).toBe("text/html;charset=utf-8");
    expect(missing).toEqual([]);
  });

  test("leads from its page only to what answers", async () => {
    const { text = "" } = await service.get("!/", { token: null, headers: { accept: browser } });
    const linked = [...text.matchAll(/href="([^"]+)"/g)].map(([, link = ""]) => link);
    // Files, which only a server that listens has: test/portal and test/docs follow these.
    const links = linked.filter((link) => !/^\/(?:portal|docs)\//.test(link));

    const answers = await Promise.all(links.map((link) => service.get(`!${link}`, { token: null })));

    expect(links.length).toBeGreaterThan(5);
    expect(answers.map(({ status }) => status)).toEqual(links.map(() => 200));
  });

  test("lets its page load and run nothing", async () => {
    const { headers, text } = await service.get("!/", { token: null, headers: { accept: browser } });

    expect(headers["Content-Security-Policy"]).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]{44}';/);
    expect(text).not.toMatch(/<script|<img|<link|https?:\/\/(?!127\.0\.0\.1)/);
  });

  test.each([undefined, "application/json", "*/*", "application/json, text/html;q=0.5"])(
    "gives an OData client that accepts %s the service document",
    async (accept) => {
      const headers = accept === undefined ? {} : { accept };

      const { status, json } = await service.get("!/", { token: null, headers });

      expect(status).toBe(200);
      expect(json["@odata.context"]).toMatch(/\/v1\.0\/\$metadata$/);
      expect(json.value.map(({ name }: { name: string }) => name)).toEqual(
        expect.arrayContaining(["customerCreationOperations", "customers"]),
      );
    },
  );

  test("takes no writing request, and the page no other address", async () => {
    const posted = await service.post("!/", {}, { headers: { accept: browser } });
    const elsewhere = await service.get("!/v2.0", { headers: { accept: browser } });

    expect([posted.status, elsewhere.status]).toEqual([405, 404]);
    expect(await service.changes()).toEqual([]);
  });
});
