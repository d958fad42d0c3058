import type { customer } from "../model/customer.ts";
import type { EntityOf } from "../model/define.ts";
import type { Statement } from "../store/sql.ts";

/** What is to be made: the customer of one operation. The operation's id is the same on every attempt. */
export interface ProvisioningOrder {
  readonly partnerId: string;
  readonly operationId: string;
  readonly customerId: string;
  readonly domain: string;
  /** The client-request-id of the call that opened the operation. */
  readonly correlationId: string;
  /** Which attempt at this stage it is, counted from 1. */
  readonly attempt: number;
  /** When the stage began. */
  readonly stageDateTime: string;
  /** The customer as it is now, deleted or not. */
  readonly readCustomer: () => Promise<EntityOf<typeof customer>>;
}

/** The stages that a provisioner carries out, in their order. */
export const provisioningStages = [
  "provisioningTenant",
  "linkingPartner",
  "creatingBillingAccount",
  "issuingCredentials",
] as const;
export type ProvisioningStage = (typeof provisioningStages)[number];

/** How the partner is related to a customer, as a stage may find it. */
export const relationships = ["none", "reseller", "advisor", "syndication", "microsoftSupport"] as const;

/** The first administrator of a tenant. They are kept encrypted, and handed over once (D17). */
export interface Credentials {
  readonly userName: string;
  readonly password: string;
}

/** What a stage made: what the customer shows of it, and credentials, which it does not show. */
export interface ProvisioningResult {
  readonly tenantId?: string;
  readonly relationshipToPartner?: (typeof relationships)[number];
  readonly allowDelegatedAccess?: boolean;
  readonly credentials?: Credentials;
}

/** A stage that was begun and is not finished: it is asked for again after so many seconds, and no attempt is lost. */
export interface ProvisioningPending {
  readonly pendingSeconds: number;
}

/** All stages of an order, which are made in the transaction that records them, or not at all. */
export interface ProvisioningPlan {
  /** What all of them make. */
  readonly result: ProvisioningResult;
  /** The statements that make them, if the condition holds. */
  readonly statements: (written: Statement) => readonly Statement[];
}

/**
 * Who makes tenants (D15). Each call may come again after a crash, with the same order: it then gives what the first
 * one made and makes nothing new. Credentials that nobody has seen yet may be made anew.
 */
export interface Provisioner {
  provision(stage: ProvisioningStage, order: ProvisioningOrder): Promise<ProvisioningResult | ProvisioningPending>;
  /**
   * Gives all stages of an order at once, of which none was asked for yet: for a provisioner that makes its tenants in our
   * own database. Undefined when it wants to be asked for one after the other.
   */
  readonly plan?: (order: ProvisioningOrder) => ProvisioningPlan | undefined;
  /** Takes back whatever the stages of this order made. */
  undo(order: ProvisioningOrder): Promise<void>;
}

/** Why a stage failed, in the words of an error answer: what the client of the API is told. */
export interface ProvisioningFault {
  /** The code after the phrase of an HTTP status, such as `badRequest`. */
  readonly code: string;
  readonly innerCode: string;
  readonly message: string;
  readonly target?: string;
}

/** A stage that failed. Any other error of a provisioner counts as one that may pass, and says nothing to the client. */
export class ProvisioningFailure extends Error {
  readonly passing: boolean;
  readonly fault: ProvisioningFault | undefined;
  /** How long at least to wait before the next attempt, when the other side said so. */
  readonly retrySeconds: number;

  constructor(
    message: string,
    more: {
      readonly passing: boolean;
      readonly fault?: ProvisioningFault;
      readonly retrySeconds?: number;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: more.cause });
    this.name = "ProvisioningFailure";
    this.passing = more.passing;
    this.fault = more.fault;
    this.retrySeconds = more.retrySeconds ?? 0;
  }
}
