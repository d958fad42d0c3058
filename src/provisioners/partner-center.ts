import { isValues } from "../model/define.ts";
import {
  type Provisioner,
  ProvisioningFailure,
  type ProvisioningOrder,
  type ProvisioningPending,
  type ProvisioningResult,
  relationships,
} from "../onboarding/provisioner.ts";
import type { Database } from "../store/database.ts";
import { beginCall, endCall, findCall, type ProvisionerCall, removeCalls } from "../store/provisioner-calls.ts";
import type { Answer } from "./exchange.ts";
import { readCredentials } from "./http-answer.ts";
import { callApi, findByDomain, type PartnerCenterApi } from "./partner-center-api.ts";
import { printAddress, printCustomer } from "./partner-center-customer.ts";
import { domainInUse, failureOf } from "./partner-center-faults.ts";

/** Partner Center, and what the provisioner stands on. */
export interface PartnerCenter extends PartnerCenterApi {
  readonly database: Database;
  readonly clock: () => string;
  /** In the sandbox a customer can be deleted; elsewhere only the relationship can be removed. */
  readonly sandbox: boolean;
  /** How long a customer may stay unreadable after it was created; about 90 seconds are usual. */
  readonly readableSecondsMax: number;
  /** How long to wait before asking again. */
  readonly pollSeconds: number;
}

const creating = "provisioningTenant";

/**
 * Makes customers by the REST API of Partner Center. One call creates the tenant, the relationship and the first
 * administrator; the other stages wait until what it made can be read.
 */
export function partnerCenterProvisioner(center: PartnerCenter): Provisioner {
  return {
    provision(stage, order) {
      switch (stage) {
        case "provisioningTenant":
          return createCustomer(center, order);
        case "linkingPartner":
          return awaitRelationship(center, order);
        case "creatingBillingAccount":
          return awaitBillingProfile(center, order);
        case "issuingCredentials":
          // They came with the customer.
          return Promise.resolve({});
      }
    },
    undo: (order) => undoCustomer(center, order),
  };
}

type Outcome = Promise<ProvisioningResult | ProvisioningPending>;

async function createCustomer(center: PartnerCenter, order: ProvisioningOrder): Outcome {
  const { database, clock, newId } = center;
  const key = keyOf(order);
  const known = await findCall(database, key);
  const customer = await order.readCustomer();
  // Once the call may have gone out, a taken domain may be our own.
  const mayBeOwn = known !== undefined && known.outcome !== "refused";
  if (!mayBeOwn) {
    const throttled = await checkFirst(center, order, customer.billingProfile.defaultAddress);
    if (throttled !== undefined) return throttled;
  }
  const begun = await beginCall(database, key, { requestId: newId(), callDateTime: clock() });
  const call = {
    method: "POST",
    path: "customers",
    body: printCustomer(customer),
    requestId: begun.requestId,
  } as const;
  const answer = await callApi(center, order, call);
  if (answer.status === 429) return later(center, answer);
  if (answer.status === 409 && mayBeOwn) return findOwn(center, order, begun);
  if (answer.status !== 200 && answer.status !== 201) {
    const failure = failureOf("the creation of the customer", answer);
    if (!failure.passing) await endCall(database, key, { outcome: "refused" });
    throw failure;
  }
  const made = readCreated(answer);
  await endCall(database, key, { outcome: "made" });
  return made;
}

/** Asks whether the domain is free and the address is right, before anything is begun. */
async function checkFirst(
  center: PartnerCenter,
  order: ProvisioningOrder,
  given: Parameters<typeof printAddress>[0],
): Promise<ProvisioningPending | undefined> {
  const domain = await callApi(center, order, { method: "HEAD", path: `domains/${encodeURIComponent(order.domain)}` });
  if (domain.status === 429) return later(center, domain);
  if (domain.status === 200) {
    throw new ProvisioningFailure("Partner Center knows the domain already.", { passing: false, fault: domainInUse });
  }
  if (domain.status !== 404) throw failureOf("the question whether the domain is free", domain);
  const address = printAddress(given);
  if (address === null) return undefined;
  const answer = await callApi(center, order, { method: "POST", path: "validations/address", body: address });
  if (answer.status === 429) return later(center, answer);
  if (answer.status !== 200) throw failureOf("the validation of the address", answer);
  assertAddress(answer.json);
  return undefined;
}

// Version 1 once answered true or false, and then an object. What could not be checked is not refused.
function assertAddress(json: unknown): void {
  const { status, validationMessage } = isValues(json) ? json : { status: json === false ? "None" : "NotValidated" };
  if (status !== "None" && status !== "InteractionRequired") return;
  const said = typeof validationMessage === "string" ? ` ${validationMessage.slice(0, 1000)}` : "";
  throw new ProvisioningFailure(`Partner Center holds the address for ${status}.`, {
    passing: false,
    fault: {
      code: "badRequest",
      innerCode: "invalidAddress",
      message: `The address is not one that can be delivered to (${status}).${said}`,
      target: "billingProfile/defaultAddress",
    },
  });
}

function readCreated({ json }: Answer): ProvisioningResult {
  const { id, userCredentials } = isValues(json) ? json : {};
  if (typeof id !== "string") {
    throw new ProvisioningFailure("Partner Center created a customer and did not say which.", { passing: true });
  }
  const credentials = isValues(userCredentials) ? { credentials: readCredentials(userCredentials) } : {};
  return { tenantId: id.toLowerCase(), ...credentials };
}

// The domain was free when we asked, and the answer to the call that took it was lost: the customer is ours.
async function findOwn(center: PartnerCenter, order: ProvisioningOrder, call: ProvisionerCall): Outcome {
  const { answer, id } = await findByDomain(center, order);
  if (answer.status === 429) return later(center, answer);
  if (id !== undefined) {
    await endCall(center.database, keyOf(order), { outcome: "made" });
    return { tenantId: id.toLowerCase() };
  }
  if (answer.status !== 200) throw failureOf("the search for the domain", answer);
  if (mayBeUnreadable(center, call.callDateTime)) return { pendingSeconds: center.pollSeconds };
  await endCall(center.database, keyOf(order), { outcome: "refused" });
  throw new ProvisioningFailure("Partner Center knows the domain, and not as ours.", {
    passing: false,
    fault: domainInUse,
  });
}

async function awaitRelationship(center: PartnerCenter, order: ProvisioningOrder): Outcome {
  const answer = await callApi(center, order, { method: "GET", path: `customers/${await tenantOf(order)}` });
  const { relationshipToPartner, allowDelegatedAccess } = isValues(answer.json) ? answer.json : {};
  const relationship = relationships.find((each) => each === relationshipToPartner);
  const isLinked = answer.status === 200 && relationship !== undefined && relationship !== "none";
  if (!isLinked) return awaitReadable(center, order, "the customer", answer);
  return {
    relationshipToPartner: relationship,
    ...(typeof allowDelegatedAccess === "boolean" ? { allowDelegatedAccess } : {}),
  };
}

async function awaitBillingProfile(center: PartnerCenter, order: ProvisioningOrder): Outcome {
  const path = `customers/${await tenantOf(order)}/profiles/billing`;
  const answer = await callApi(center, order, { method: "GET", path });
  return answer.status === 200 ? {} : awaitReadable(center, order, "the billing profile", answer);
}

// For a minute or two after it was created, a customer is not found, and then is nobody's.
function awaitReadable(
  center: PartnerCenter,
  order: ProvisioningOrder,
  what: string,
  answer: Answer,
): ProvisioningPending {
  if (answer.status === 429) return later(center, answer);
  const isSettling = answer.status === 200 || answer.status === 404;
  if (isSettling && mayBeUnreadable(center, order.stageDateTime)) return { pendingSeconds: center.pollSeconds };
  if (!isSettling) throw failureOf(`the reading of ${what}`, answer);
  throw new ProvisioningFailure(`Partner Center does not show ${what} yet.`, { passing: true });
}

/**
 * Deletes the customer in the sandbox, and removes the relationship elsewhere: more is not possible there. A customer
 * whose creation was never answered is looked for, as long as it may have to become readable first.
 */
async function undoCustomer(center: PartnerCenter, order: ProvisioningOrder): Promise<void> {
  const call = await findCall(center.database, keyOf(order));
  const id = (await order.readCustomer()).tenantId ?? (await findLost(center, order, call));
  if (id !== undefined) {
    const path = `customers/${id}`;
    const removal = { relationshipToPartner: "none", attributes: { objectType: "Customer" } };
    const answer = center.sandbox
      ? await callApi(center, order, { method: "DELETE", path })
      : await callApi(center, order, { method: "PATCH", path, body: removal });
    const isSettling = answer.status === 404 && call !== undefined && mayBeUnreadable(center, call.callDateTime);
    if (isSettling) throw unsettled(center, answer);
    if (answer.status !== 200 && answer.status !== 204 && answer.status !== 404) {
      throw failureOf("the removal of the customer", answer);
    }
  }
  await removeCalls(center.database, order);
}

async function findLost(
  center: PartnerCenter,
  order: ProvisioningOrder,
  call: ProvisionerCall | undefined,
): Promise<string | undefined> {
  if (call === undefined || call.outcome === "refused") return undefined;
  const { answer, id } = await findByDomain(center, order);
  if (id !== undefined) return id;
  if (answer.status === 200 && !mayBeUnreadable(center, call.callDateTime)) return undefined;
  throw unsettled(center, answer);
}

function unsettled({ pollSeconds }: PartnerCenter, { retrySeconds = pollSeconds }: Answer): ProvisioningFailure {
  return new ProvisioningFailure("Partner Center does not show yet what it has made.", { passing: true, retrySeconds });
}

function later({ pollSeconds }: PartnerCenter, { retrySeconds = pollSeconds }: Answer): ProvisioningPending {
  return { pendingSeconds: retrySeconds };
}

function mayBeUnreadable({ clock, readableSecondsMax }: PartnerCenter, since: string): boolean {
  return Date.parse(clock()) < Date.parse(since) + readableSecondsMax * 1000;
}

function keyOf({ partnerId, operationId }: ProvisioningOrder) {
  return { partnerId, operationId, stage: creating };
}

async function tenantOf(order: ProvisioningOrder): Promise<string> {
  const { tenantId } = await order.readCustomer();
  if (tenantId === null) throw new Error(`Operation ${order.operationId} has no tenant yet.`);
  return tenantId;
}
