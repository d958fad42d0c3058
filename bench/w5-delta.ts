import type { Request } from "autocannon";
import { nextPage } from "./w3-page.ts";
import { headersOf, type Target, type Workload } from "./workload.ts";

/** Follows what has changed since before the customers were there, page after page; a unit is one page. */
export const readChanges: Workload = {
  name: "W5",
  meaning: "page of 100 of customers/delta(), by next links from before the first customer on",
  statuses: [200],
  leavesBacklog: false,
  requests,
};

function requests(target: Target): Request[] {
  const { deltaPath } = target;
  if (deltaPath === undefined) return [];
  const headers = headersOf(target);
  let path: string | undefined;
  return [
    {
      method: "GET",
      headers,
      setupRequest: (request) => ({ ...request, path: path ?? deltaPath }),
      onResponse(_status, body) {
        path = nextPage(body);
      },
    },
  ];
}
