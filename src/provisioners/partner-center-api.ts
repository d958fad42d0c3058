import { isValues } from "../model/define.ts";
import type { ProvisioningOrder } from "../onboarding/provisioner.ts";
import { type Answer, exchange, type Sending } from "./exchange.ts";
import type { Tokens } from "./partner-center-token.ts";

/** How Partner Center is reached. */
export interface PartnerCenterApi {
  /** Such as `https://api.partnercenter.microsoft.com/v1`. */
  readonly url: URL;
  readonly tokens: Tokens;
  readonly newId: () => string;
  /** How long an answer may take. */
  readonly secondsMax: number;
}

/** A call of the API. */
export interface ApiCall {
  readonly method: Sending["method"];
  /** Under the version, without a leading slash. */
  readonly path: string;
  readonly body?: object;
  /** What a repetition after a lost answer is known again by; by default a new one. */
  readonly requestId?: string;
}

/** Calls the API for an order, and gives whatever it answers. A token that is refused is forgotten. */
export async function callApi(api: PartnerCenterApi, order: ProvisioningOrder, call: ApiCall): Promise<Answer> {
  const url = new URL(call.path, api.url.href.endsWith("/") ? api.url.href : `${api.url.href}/`);
  const answer = await exchange(url, {
    method: call.method,
    secondsMax: api.secondsMax,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${await api.tokens.get()}`,
      "ms-requestid": call.requestId ?? api.newId(),
      // One for all calls of an operation: by it the support of Partner Center finds them.
      "ms-correlationid": order.operationId,
      "ms-contract-version": "v1",
      "x-locale": "en-US",
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
  if (answer.status === 401) api.tokens.forget();
  return answer;
}

/** The customer of the partner that has a domain, as the search knows it: it finds what a domain begins with. */
export async function findByDomain(api: PartnerCenterApi, order: ProvisioningOrder) {
  const filter = { Field: "Domain", Value: order.domain, Operator: "starts_with" };
  const path = `customers?size=100&filter=${encodeURIComponent(JSON.stringify(filter))}`;
  const answer = await callApi(api, order, { method: "GET", path });
  const items = isValues(answer.json) && Array.isArray(answer.json["items"]) ? answer.json["items"] : [];
  const found = items.filter(isValues).find(({ companyProfile }) => {
    const domain = isValues(companyProfile) ? companyProfile["domain"] : undefined;
    return typeof domain === "string" && domain.toLowerCase() === order.domain;
  });
  return { answer, id: typeof found?.["id"] === "string" ? found["id"] : undefined };
}
