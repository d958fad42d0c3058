import { expect } from "vitest";
import { later } from "../../src/onboarding/operation.ts";
import { type Receiver, subscriptionBody } from "../support/receiver.ts";
import { type Service, signToken } from "../support/service.ts";
import type { Ids } from "./offer-request.ts";

/** Has a partner watch his operations, and be told of it once: the ids of both, and where he is told. */
export async function watch(service: Service, { url }: Receiver, given?: string): Promise<Ids> {
  const token = given ?? (await signToken());
  const body = subscriptionBody(url, {
    resource: "customerCreationOperations",
    lifecycleNotificationUrl: url,
    expirationDateTime: later(service.context.clock(), 24 * 3600),
  });
  const made = await service.post("/subscriptions", body, { token });
  expect(made.status, made.text).toBe(201);
  const told = await service.post(`/subscriptions/${made.json.id}/sendTestNotification`, {}, { token });
  expect(told.json).toMatchObject({ purpose: "test", status: "delivered" });
  return { subscriptions: made.json.id, notificationDeliveries: told.json.id, notificationUrl: url };
}
