import { hash } from "node:crypto";
import {
  type Provisioner,
  ProvisioningFailure,
  type ProvisioningFault,
  type ProvisioningOrder,
  type ProvisioningStage,
} from "../onboarding/provisioner.ts";

/** How the local provisioner plays a real one: how long a stage takes, and how often one fails in passing. */
export interface Play {
  readonly clock: () => string;
  readonly delaySeconds: number;
  /** From 0, never, to 1, always. */
  readonly failureRate: number;
  /** Whether domains that begin with a magic word do what it says. Only in development mode. */
  readonly magicDomains: boolean;
}

/** What a domain that begins with a magic word brings about. docs/provisioners.md has the same table. */
const magicWords: Readonly<Record<string, Magic>> = {
  failtwice: { stage: "provisioningTenant", fails: "twice" },
  failalways: { stage: "provisioningTenant", fails: "inPassing" },
  failtenant: { stage: "provisioningTenant", fails: "forGood" },
  faillink: { stage: "linkingPartner", fails: "forGood" },
  failbilling: { stage: "creatingBillingAccount", fails: "forGood" },
  failcredentials: { stage: "issuingCredentials", fails: "forGood" },
  failemail: { stage: "creatingBillingAccount", fails: "withoutEmail" },
  slow: { stage: "creatingBillingAccount", fails: "never", takesSeconds: 30 },
};

interface Magic {
  readonly stage: ProvisioningStage;
  readonly fails: "never" | "twice" | "inPassing" | "forGood" | "withoutEmail";
  readonly takesSeconds?: number;
}

/** Lets a provisioner take its time and fail, so that integrators can try how they cope with it. */
export function playful(provisioner: Provisioner, play: Play): Provisioner {
  return {
    async provision(stage, order) {
      const magic = play.magicDomains ? findMagic(stage, order) : undefined;
      const pendingSeconds = secondsLeft(order, play.clock(), magic?.takesSeconds ?? play.delaySeconds);
      if (pendingSeconds > 0) return { pendingSeconds };
      if (shareOf(stage, order) < play.failureRate) throw failure("The failure rate wants it.", { passing: true });
      if (magic !== undefined) await failByMagic(magic, order);
      return provisioner.provision(stage, order);
    },
    plan: (order) => (isPlayed(order, play) ? undefined : provisioner.plan?.(order)),
    undo: (order) => provisioner.undo(order),
  };
}

function isPlayed(order: ProvisioningOrder, { delaySeconds, failureRate, magicDomains }: Play): boolean {
  return delaySeconds > 0 || failureRate > 0 || (magicDomains && magicOf(order) !== undefined);
}

function findMagic(stage: ProvisioningStage, order: ProvisioningOrder): Magic | undefined {
  const found = magicOf(order);
  return found?.stage === stage ? found : undefined;
}

function magicOf({ domain }: ProvisioningOrder): Magic | undefined {
  return Object.entries(magicWords).find(([word]) => domain.startsWith(word))?.[1];
}

function secondsLeft({ stageDateTime }: ProvisioningOrder, now: string, seconds: number): number {
  return (Date.parse(stageDateTime) - Date.parse(now)) / 1000 + seconds;
}

// A number from 0 to 1 that is the attempt's own: chance would make a test of an integrator pass one day and not the next.
function shareOf(stage: ProvisioningStage, { operationId, attempt }: ProvisioningOrder): number {
  return hash("sha256", `${operationId} ${stage} ${attempt}`, "buffer").readUInt32BE() / 2 ** 32;
}

async function failByMagic({ fails }: Magic, order: ProvisioningOrder): Promise<void> {
  if (fails === "twice" && order.attempt <= 2) throw failure("It fails twice.", { passing: true });
  if (fails === "inPassing") throw failure("It fails each time.", { passing: true });
  if (fails === "forGood") throw failure("It fails for good.", { passing: false });
  if (fails !== "withoutEmail" || (await order.readCustomer()).billingProfile.email !== null) return;
  throw failure("There is no e-mail address.", { passing: false, fault: emailMissing });
}

const emailMissing: ProvisioningFault = {
  code: "badRequest",
  innerCode: "requiredFieldMissing",
  message: "'billingProfile/email' is required by the provisioner. Retry the operation with it.",
  target: "billingProfile/email",
};

function failure(message: string, more: { readonly passing: boolean; readonly fault?: ProvisioningFault }) {
  return new ProvisioningFailure(message, more);
}
