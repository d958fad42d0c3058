import { randomBytes } from "node:crypto";
import type { Request } from "autocannon";

/** What a client needs to know of the server that it sends to. */
export interface Target {
  readonly token: string;
  /** Customers that are there, for the workloads that read. */
  readonly customerIds: readonly string[];
  /** Is told the id of each customer that the client adds. */
  readonly added: (customerId: string) => void;
}

/** Something that a client does again and again. A unit is one pass through all its steps. */
export interface Workload {
  readonly name: string;
  readonly meaning: string;
  /** The status that each step must be answered with, in order. */
  readonly statuses: readonly number[];
  /** Whether a server has work left when the answers have gone out. */
  readonly leavesBacklog: boolean;
  /** The requests of one client: as many as the steps, or a multiple of that, sent in order and from the start again. */
  readonly requests: (target: Target) => Request[];
}

/** Opens an operation and adds its customer: the seed call, and the call that it needs before it. */
export const addCustomer: Workload = {
  name: "W1",
  meaning: "add customer (open an operation + POST …/customer/$ref)",
  statuses: [201, 204],
  leavesBacklog: true,
  requests: requestsToAdd,
};

const readCustomer: Workload = {
  name: "W2",
  meaning: "read a customer by id",
  statuses: [200],
  leavesBacklog: false,
  requests: requestsToRead,
};

export const workloads: readonly Workload[] = [addCustomer, readCustomer];

// A client sends a request over and over without building it again, as long as it has no setupRequest.
const readsPerClient = 200;

function requestsToRead({ token, customerIds }: Target): Request[] {
  return Array.from({ length: readsPerClient }, () => {
    const id = customerIds[Math.floor(Math.random() * customerIds.length)];
    return { method: "GET", path: `/v1.0/customers/${id}`, headers: { authorization: `Bearer ${token}` } };
  });
}

function requestsToAdd({ token, added }: Target): Request[] {
  // The labels of one client are its own: 12 random digits and a counter.
  const prefix = randomBytes(6).toString("hex");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  let count = 0;
  let label = "";
  let operationId: string | undefined;
  const open: Request = {
    method: "POST",
    path: "/v1.0/customerCreationOperations",
    headers,
    setupRequest(request) {
      count++;
      label = `b${prefix}${count.toString(36)}`;
      return { ...request, body: JSON.stringify({ domain: `${label}.onmicrosoft.com` }) };
    },
    onResponse(_status, body) {
      operationId = /"id":"([^"]+)"/.exec(body)?.[1];
    },
  };
  const attach: Request = {
    method: "POST",
    headers,
    setupRequest: (request) => ({
      ...request,
      path: `/v1.0/customerCreationOperations/${operationId}/customer/$ref`,
      body: JSON.stringify(customerBody(label)),
    }),
    onResponse(_status, _body, _context, headers) {
      const id = String(headers?.["Location"] ?? headers?.location)
        .split("/")
        .at(-1);
      if (id !== undefined) added(id);
    },
  };
  return [open, attach];
}

function customerBody(label: string) {
  return {
    externalId: label,
    companyProfile: { domain: `${label}.onmicrosoft.com`, companyName: `Contoso ${label}` },
    billingProfile: {
      firstName: "Ana",
      lastName: "Ferreira",
      email: `ana.ferreira@${label}.example`,
      culture: "pt-PT",
      language: "pt",
      companyName: `Contoso ${label} Lda.`,
      defaultAddress: {
        country: "PT",
        addressLine1: "Rua do Comércio 14",
        city: "Lisboa",
        state: "Lisboa",
        postalCode: "1100-150",
        firstName: "Ana",
        lastName: "Ferreira",
        phoneNumber: "+351 210 000 000",
      },
    },
  };
}
