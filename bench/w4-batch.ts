import type { Request } from "autocannon";
import type { Spelling } from "./spelling.ts";
import { headersOf, json, labelMaker, type Target, type Workload } from "./workload.ts";

const batchSize = 20;
const placeholder = "LABEL";

/** Adds twenty customers with one request, each by itself: none of them depends on another, nor is undone with it. */
export const addBatch: Workload = {
  name: "W4",
  meaning: `$batch of ${batchSize} creations that do not depend on each other`,
  statuses: [200],
  leavesBacklog: true,
  faultOf,
  requests,
};

function faultOf(body: string): string | undefined {
  const created = body.match(/"status":201\b/g)?.length ?? 0;
  return created === batchSize ? undefined : `${created} of ${batchSize} created`;
}

function requests(target: Target): Request[] {
  const nextLabel = labelMaker();
  const printItem = itemPrinter(target.spelling);
  const items = () => Array.from({ length: batchSize }, (_, index) => printItem(index, nextLabel()));
  return [
    {
      method: "POST",
      path: "/v1.0/$batch",
      headers: headersOf(target, json),
      setupRequest: (request) => ({ ...request, body: `{"requests":[${items().join(",")}]}` }),
    },
  ];
}

function itemPrinter({ addBoth }: Spelling): (index: number, label: string) => string {
  const head = `"method":"POST","url":"${addBoth.url}","headers":{"content-type":"application/json"}`;
  const body = JSON.stringify(addBoth.body(placeholder));
  return (index, label) => `{"id":"${index}",${head},"body":${body.replaceAll(placeholder, label)}}`;
}
