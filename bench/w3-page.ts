import type { Request } from "autocannon";
import type { Spelling } from "./spelling.ts";
import { headersOf, oneOf, type Target, type Workload } from "./workload.ts";

const root = "/v1.0/";

/** Reads page after page of the customers whose names begin alike, by the next links; a unit is one page. */
export const readPages: Workload = {
  name: "W3",
  meaning: "page of 100 by $filter=startswith and $orderby of the company's name with $select; ten pages by next links",
  statuses: [200],
  leavesBacklog: false,
  requests,
};

/** The path of the first page of a walk. */
export function firstPage({ property }: Spelling, prefix: string): string {
  const companyName = property("companyProfile", "companyName");
  const selected = ["id", "externalId", property("companyProfile", "domain"), companyName, "lifecycleState"];
  const options = {
    $filter: `startswith(${companyName},'${prefix}')`,
    $orderby: companyName,
    $select: [...selected, "createdDateTime"].join(","),
  };
  const query = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${root}customers?${query.join("&")}`;
}

/** The path of the page after one, or undefined at the end of the walk. */
export function nextPage(body: string): string | undefined {
  const link = /"@odata\.nextLink":"([^"]+)"/.exec(body)?.[1];
  if (link === undefined) return undefined;
  // CAP gives a relative one.
  return link.startsWith("http") ? link.slice(link.indexOf("/", "https://".length)) : root + link;
}

function requests(target: Target): Request[] {
  const headers = headersOf(target);
  let path: string | undefined;
  return [
    {
      method: "GET",
      headers,
      setupRequest: (request) => ({ ...request, path: path ?? firstPage(target.spelling, oneOf(target.prefixes)) }),
      onResponse(_status, body) {
        path = nextPage(body);
      },
    },
  ];
}
