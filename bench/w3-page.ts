import type { Request } from "autocannon";
import { headersOf, oneOf, type Target, type Workload } from "./workload.ts";

/** Reads page after page of the customers whose names begin alike, by the next links; a unit is one page. */
export const readPages: Workload = {
  name: "W3",
  meaning: "page of 100 by $filter=startswith and $orderby of the company's name with $select; ten pages by next links",
  statuses: [200],
  leavesBacklog: false,
  requests,
};

const selected = [
  "id",
  "externalId",
  "companyProfile/domain",
  "companyProfile/companyName",
  "lifecycleState",
  "createdDateTime",
];

/** The path of the first page of a walk. */
export function firstPage(prefix: string): string {
  const options = {
    $filter: `startswith(companyProfile/companyName,'${prefix}')`,
    $orderby: "companyProfile/companyName",
    $select: selected.join(","),
  };
  const query = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `/v1.0/customers?${query.join("&")}`;
}

/** The path of the page after one, or undefined at the end of the walk. */
export function nextPage(body: string): string | undefined {
  // Behind the entities, or before them.
  return /"@(?:odata\.)?nextLink":"(?:https?:\/\/[^/]+)?([^"]+)"/.exec(body)?.[1];
}

function requests(target: Target): Request[] {
  const headers = headersOf(target);
  let path: string | undefined;
  return [
    {
      method: "GET",
      headers,
      setupRequest: (request) => ({ ...request, path: path ?? firstPage(oneOf(target.prefixes)) }),
      onResponse(_status, body) {
        path = nextPage(body);
      },
    },
  ];
}
