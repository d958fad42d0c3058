import type { Request } from "autocannon";
import { domainOf } from "./customer-body.ts";
import { headersOf, json, labelMaker, type Target, type Workload } from "./workload.ts";

/** Opens an operation and adds its customer: the seed call, and the call that it needs before it. */
export const addCustomer: Workload = {
  name: "W1",
  meaning: "add customer (open an operation + POST …/customer/$ref)",
  statuses: [201, 204],
  leavesBacklog: true,
  requests,
};

function requests(target: Target): Request[] {
  const { attach: attached, customer } = target.spelling;
  const nextLabel = labelMaker();
  const headers = headersOf(target, json);
  let label = "";
  let operationId: string | undefined;
  const open: Request = {
    method: "POST",
    path: "/v1.0/customerCreationOperations",
    headers,
    setupRequest(request) {
      label = nextLabel();
      return { ...request, body: JSON.stringify({ domain: domainOf(label) }) };
    },
    onResponse(_status, body) {
      operationId = /"id":"([^"]+)"/.exec(body)?.[1];
    },
  };
  const attach: Request = {
    method: "POST",
    headers: { ...headers, ...attached.headers },
    setupRequest: (request) => ({
      ...request,
      path: `/v1.0/customerCreationOperations/${operationId}/${attached.segment}`,
      body: JSON.stringify(customer(label)),
    }),
  };
  return [open, attach];
}
