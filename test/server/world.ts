import { randomUUID } from "node:crypto";
import { type Provisioner, ProvisioningFailure } from "../../src/onboarding/provisioner.ts";
import { localProvisioner } from "../../src/provisioners/local.ts";
import { startLoop } from "../../src/work/loop.ts";
import {
  type Engine,
  eventually,
  newDomain,
  origin,
  otherPartner,
  type Service,
  signToken,
  startService,
} from "../support/service.ts";

/** A service that has something of every sort, and does nothing unless it is asked. */
export interface World {
  readonly service: Service;
  /** The ids and domains of what there is, by a short name. */
  readonly names: Readonly<Record<string, string>>;
  /** A token of the other partner. */
  readonly otherToken: string;
}

/** The smallest body that creates a customer. */
export const minimal = { companyProfile: {}, billingProfile: {} } as const;

/** The body of the customer that is active in every world; `{activeDomain}` stands for its domain. */
export const activeBody = {
  externalId: "crm-1",
  companyProfile: { companyName: "Fabrikam" },
  billingProfile: { email: "ana@fabrikam.example", defaultAddress: { country: "PT", city: "Lisboa" } },
  metadata: { tier: "gold" },
} as const;

/**
 * Makes a world. An operation is `open` (not started), `running`, `failed`, `done` (succeeded) or `canceled`; the first
 * three of these that have a customer name it `runningCustomer`, `failedCustomer` and `active`.
 */
export async function openWorld(engine: Engine, options: Parameters<typeof startService>[1] = {}): Promise<World> {
  const service = await startService(engine, options);
  const otherToken = await signToken({ tid: otherPartner });
  const done = await addCustomer(service, activeBody);
  const other = await addCustomer(service, { ...activeBody, externalId: "other-1" }, otherToken);
  await finishWork(service);
  const failed = await addCustomer(service, minimal);
  await finishWork(service, refusingProvisioner);
  const running = await addCustomer(service, { ...minimal, externalId: "crm-2" });
  const open = await openOperation(service);
  const otherOpen = await openOperation(service, otherToken);
  const canceled = await openOperation(service);
  await service.patch(`/customerCreationOperations/${canceled.id}`, { status: "canceled" });
  return {
    service,
    otherToken,
    names: {
      origin,
      root: `${origin}/v1.0`,
      done: done.operation,
      active: done.customer,
      activeDomain: done.domain,
      failed: failed.operation,
      failedCustomer: failed.customer,
      running: running.operation,
      runningCustomer: running.customer,
      open: open.id,
      openDomain: open.domain,
      canceled: canceled.id,
      other: other.customer,
      otherDone: other.operation,
      otherDomain: other.domain,
      otherOpen: otherOpen.id,
      otherOpenDomain: otherOpen.domain,
      nothing: "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50",
      free: newDomain(),
    },
  };
}

/** Opens an operation for a domain of its own. */
export async function openOperation(service: Service, token?: string) {
  const sending = token === undefined ? {} : { token };
  const { json } = await service.post("/customerCreationOperations", { domain: newDomain() }, sending);
  return json;
}

/** Opens an operation and attaches a customer; the work is left to be done. */
export async function addCustomer(service: Service, body: object, token?: string) {
  const sending = token === undefined ? {} : { token };
  const { id, domain } = await openOperation(service, token);
  const answer = await service.post(`/customerCreationOperations/${id}/customer/$ref`, body, sending);
  return { operation: String(id), domain: String(domain), customer: String(answer.headers["Location"]).slice(-36) };
}

/** Does all the work there is, and ends. */
export async function finishWork(service: Service, provisioner?: Provisioner): Promise<void> {
  const { context, database } = service;
  const local = localProvisioner({ database, clock: context.clock, newId: randomUUID });
  const loop = startLoop({ context, provisioner: provisioner ?? local });
  await eventually(async () => {
    const left = await service.rows(
      `select "id" from "customerCreationOperations" where "work" in ('provision', 'compensate')`,
    );
    return left.length === 0 ? true : undefined;
  });
  await loop.close();
}

/** A provisioner at which every stage fails for good. */
export const refusingProvisioner: Provisioner = {
  provision: () => Promise.reject(new ProvisioningFailure("It is not to be had.", { passing: false })),
  undo: () => Promise.resolve(),
};
