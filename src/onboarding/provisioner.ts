/** What is to be made: the customer of one operation. The operation's id is the same on every attempt. */
export interface ProvisioningOrder {
  readonly partnerId: string;
  readonly operationId: string;
  readonly customerId: string;
  readonly domain: string;
}

/** The stages that a provisioner carries out, in their order. */
export const provisioningStages = [
  "provisioningTenant",
  "linkingPartner",
  "creatingBillingAccount",
  "issuingCredentials",
] as const;
export type ProvisioningStage = (typeof provisioningStages)[number];

/** What a stage made that the customer shows. */
export interface ProvisioningResult {
  readonly tenantId?: string;
  readonly relationshipToPartner?: "none" | "reseller" | "advisor" | "syndication" | "microsoftSupport";
  readonly allowDelegatedAccess?: boolean;
}

/**
 * Who makes tenants (D15). Each call may come again after a crash, with the same order: it then gives what the first
 * one made and makes nothing new.
 */
export interface Provisioner {
  provision(stage: ProvisioningStage, order: ProvisioningOrder): Promise<ProvisioningResult>;
  /** Takes back whatever the stages of this order made. */
  undo(order: ProvisioningOrder): Promise<void>;
}

/** A stage that failed. Any other error of a provisioner counts as one that may pass. */
export class ProvisioningFailure extends Error {
  readonly passing: boolean;

  constructor(message: string, more: { readonly passing: boolean; readonly cause?: unknown }) {
    super(message, { cause: more.cause });
    this.name = "ProvisioningFailure";
    this.passing = more.passing;
  }
}
