import type { Request } from "autocannon";
import { customerBody } from "./customer-body.ts";
import { headersOf, json, labelMaker, type Target, type Workload } from "./workload.ts";

const batchSize = 20;
const placeholder = "LABEL";

/** Adds twenty customers with one request, each by itself: none of them depends on another, nor is undone with it. */
export const addBatch: Workload = {
  name: "W4",
  meaning: `$batch of ${batchSize} independent POST /customers`,
  statuses: [200],
  leavesBacklog: true,
  faultOf,
  requests,
};

function batchBody(nextLabel: () => string): string {
  return `{"requests":[${Array.from({ length: batchSize }, (_, index) => item(index, nextLabel())).join(",")}]}`;
}

function faultOf(body: string): string | undefined {
  const created = body.match(/"status":201\b/g)?.length ?? 0;
  return created === batchSize ? undefined : `${created} of ${batchSize} created`;
}

const customer = JSON.stringify(customerBody(placeholder));

function item(index: number, label: string): string {
  const head = `"id":"${index}","method":"POST","url":"/customers","headers":{"content-type":"application/json"}`;
  return `{${head},"body":${customer.replaceAll(placeholder, label)}}`;
}

function requests(target: Target): Request[] {
  const nextLabel = labelMaker();
  return [
    {
      method: "POST",
      path: "/v1.0/$batch",
      headers: headersOf(target, json),
      setupRequest: (request) => ({ ...request, body: batchBody(nextLabel) }),
    },
  ];
}
