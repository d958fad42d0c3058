import { expect } from "vitest";
import type { Answer, Json, Sending, Service } from "../support/service.ts";

/** Sends a batch in JSON, which must be answered as a whole with 200. */
export async function sendBatch(service: Service, requests: readonly object[], sending: Sending = {}): Promise<Answer> {
  const answer = await service.post("/$batch", { requests }, sending);
  expect(`${answer.status} ${answer.json.error?.message ?? ""}`).toBe("200 ");
  return answer;
}

/** Sends a batch in JSON and gives the answers of its requests by their ids. */
export async function answersOf(
  service: Service,
  requests: readonly object[],
  sending: Sending = {},
): Promise<Readonly<Record<string, Json>>> {
  const { json } = await sendBatch(service, requests, sending);
  return Object.fromEntries(json.responses.map((each: Json) => [each.id, each]));
}
