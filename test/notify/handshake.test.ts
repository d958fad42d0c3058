import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OutsideAnswer, type OutsideRequest, outsideOf, startOutside } from "../support/outside.ts";
import { messageOf, subscriptionBody, tokenOf } from "../support/receiver.ts";
import { type Service, startService } from "../support/service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService("sqlite", { limits: { handshakeSecondsMax: 1 } });
});
afterAll(() => service[Symbol.asyncDispose]());

const failed =
  "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.";
const text = { "content-type": "text/plain" };
const escapeHtml = (token: string) => token.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const faulty: readonly (readonly [string, (token: string) => OutsideAnswer, string])[] = [
  ["a wrong token", () => ({ status: 200, headers: text, body: "something else" }), `${failed} Its answer must be`],
  [
    "a token that is escaped for HTML",
    (token) => ({ status: 200, headers: text, body: escapeHtml(token) }),
    `${failed} Its answer must be`,
  ],
  [
    "a token that is still encoded",
    (token) => ({ status: 200, headers: text, body: encodeURIComponent(token) }),
    `${failed} Its answer must be`,
  ],
  [
    "a token and a line break",
    (token) => ({ status: 200, headers: text, body: `${token}\n` }),
    `${failed} Its answer must be`,
  ],
  ["a token in quotes", (token) => ({ status: 200, headers: text, body: JSON.stringify(token) }), failed],
  ["no token", () => ({ status: 200, headers: text }), failed],
  [
    "another type",
    (token) => ({ status: 200, headers: { "content-type": "application/json" }, body: token }),
    `${failed} It must answer as text/plain`,
  ],
  ["500", (token) => ({ status: 500, headers: text, body: token }), `${failed} It answered with HTTP status 500.`],
  ["202", (token) => ({ status: 202, headers: text, body: token }), `${failed} It answered with HTTP status 202.`],
  [
    "a redirect",
    () => ({ status: 302, headers: { location: "/elsewhere", ...text } }),
    `${failed} It answered with HTTP status 302.`,
  ],
  ["nothing: it hangs up", () => "drop", `${failed} The receiver could not be reached (ECONNRESET).`],
  ["too late", () => "hang", "Subscription validation request timed out."],
];

test.each(faulty)("a receiver that answers with %s gets no subscription", async (_name, answer, message) => {
  const asked: OutsideRequest[] = [];
  await using receiver = await startOutside(async (request) => {
    asked.push(request);
    return answer(tokenOf(request) ?? "");
  });

  const refused = await service.post("/subscriptions", subscriptionBody(`${receiver.origin}/notify`));

  const isLate = message.endsWith("timed out.");
  expect(refused.status).toBe(400);
  expect(messageOf(refused)).toContain(message);
  expect(refused.json.error).toMatchObject({
    code: isLate ? "InvalidRequest" : "ValidationError",
    target: "notificationUrl",
    innerError: { code: isLate ? "subscriptionValidationTimedOut" : "subscriptionValidationFailed" },
  });
  expect(asked).toHaveLength(1);
  expect((await service.get("/subscriptions/$count")).text).toBe("0");
});

test("a lifecycle receiver is asked as well, and told by name when it fails", async () => {
  await using receiver = await startOutside(async (request) => ({
    status: request.url.startsWith("/good") ? 200 : 404,
    headers: text,
    body: tokenOf(request) ?? "",
  }));
  const urls = { good: `${receiver.origin}/good`, bad: `${receiver.origin}/bad` };

  const refused = await service.post(
    "/subscriptions",
    subscriptionBody(urls.good, { lifecycleNotificationUrl: urls.bad }),
  );

  expect([refused.status, refused.json.error.target]).toEqual([400, "lifecycleNotificationUrl"]);
  expect((await service.get("/subscriptions/$count")).text).toBe("0");
});

test("an answer without end is not read to its end", async () => {
  let written = 0;
  const server = createServer((_request, response) => {
    const chunk = Buffer.alloc(65_536, "x");
    const write = () => {
      while (!response.destroyed && response.write(chunk)) written += chunk.length;
    };
    response.on("drain", write).on("error", () => undefined);
    response.writeHead(200, text);
    write();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await using receiver = outsideOf(server);

  const refused = await service.post("/subscriptions", subscriptionBody(receiver.origin));

  expect(messageOf(refused)).toContain(`${failed} Its answer must be`);
  expect(written).toBeLessThan(20_000_000);
});
