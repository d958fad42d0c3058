import type { Request } from "autocannon";
import { headersOf, oneOf, type Target, type Workload } from "./workload.ts";

export const readCustomer: Workload = {
  name: "W2",
  meaning: "read a customer by id",
  statuses: [200],
  leavesBacklog: false,
  requests,
};

// A client sends a request over and over without building it again, as long as it has no setupRequest.
const readsPerClient = 200;

function requests(target: Target): Request[] {
  return Array.from({ length: readsPerClient }, () => {
    return { method: "GET", path: `/v1.0/customers/${oneOf(target.customerIds)}`, headers: headersOf(target) };
  });
}
