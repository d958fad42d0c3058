import { isValues } from "../model/define.ts";
import { ProvisioningFailure, type ProvisioningFault } from "../onboarding/provisioner.ts";
import type { Answer } from "./exchange.ts";

/** What a refusal of Partner Center says, whichever of its envelopes it comes in. */
interface Refusal {
  readonly code: number | undefined;
  readonly message: string | undefined;
}

type Known = Pick<ProvisioningFault, "code" | "innerCode" | "target">;

/** The codes of Partner Center that an onboarding can meet, and what they are called here. */
const knownCodes: Readonly<Record<number, Known>> = {
  3000: { code: "badRequest", innerCode: "invalidProperty" },
  27002: { code: "badRequest", innerCode: "invalidProperty" },
  20000: { code: "forbidden", innerCode: "countryNotSupported", target: "billingProfile/defaultAddress/country" },
  2030: { code: "forbidden", innerCode: "countryNotSupported", target: "billingProfile/defaultAddress/country" },
  600002: { ...registration("registrationNumberNotSupported") },
  600049: { ...registration("registrationNumberMissing") },
  600050: { ...registration("registrationNumberInvalid") },
  600051: {
    code: "badRequest",
    innerCode: "phoneNumberMissing",
    target: "billingProfile/defaultAddress/phoneNumber",
  },
  800015: { code: "badRequest", innerCode: "indirectResellerNotFound", target: "associatedPartnerId" },
  800016: { code: "badRequest", innerCode: "indirectResellerNotFound", target: "associatedPartnerId" },
  900154: { code: "badRequest", innerCode: "relationshipMissing", target: "associatedPartnerId" },
  900123: { code: "forbidden", innerCode: "partnerAgreementNotAccepted" },
  900124: { code: "forbidden", innerCode: "partnerAgreementNotAccepted" },
  900149: { code: "forbidden", innerCode: "partnerProgramInactive" },
  800039: { code: "forbidden", innerCode: "partnerProgramInactive" },
  600006: { code: "forbidden", innerCode: "insufficientPermissions" },
  900150: { code: "forbidden", innerCode: "insufficientPermissions" },
  900308: { code: "forbidden", innerCode: "insufficientPermissions" },
  900309: { code: "forbidden", innerCode: "insufficientPermissions" },
  900329: { code: "forbidden", innerCode: "appOnlyNotSupported" },
  10001: { code: "unauthorized", innerCode: "mfaRequired" },
  800018: { code: "forbidden", innerCode: "customerQuotaExceeded" },
  800073: { code: "forbidden", innerCode: "vettingPending" },
  800074: { code: "forbidden", innerCode: "vettingPending" },
  800075: { code: "forbidden", innerCode: "vettingRejected" },
};

/** Why a domain cannot be had. */
export const domainInUse = {
  code: "conflict",
  innerCode: "domainAlreadyInUse",
  message: "The domain is in use already. Open another operation with another domain.",
  target: "domain",
} as const satisfies ProvisioningFault;

/** Makes the failure that an answer of Partner Center stands for, when it is not the one that was hoped for. */
export function failureOf(what: string, answer: Answer): ProvisioningFailure {
  const { status, retrySeconds } = answer;
  const { code, message } = readRefusal(answer.json);
  const said = `Partner Center answered ${status}${code === undefined ? "" : ` (${code})`} to ${what}.`;
  // The token may have been withdrawn, but a missing second factor stays missing.
  const passing = status >= 500 || status === 408 || status === 429 || (status === 401 && code !== 10001);
  if (passing || status < 400) {
    return new ProvisioningFailure(said, { passing: true, ...(retrySeconds === undefined ? {} : { retrySeconds }) });
  }
  const known = (code === undefined ? undefined : knownCodes[code]) ?? byStatus(status);
  const fault = { ...known, message: message ?? `The provisioner refused ${what}.` };
  return new ProvisioningFailure(said, { passing: false, fault: { ...fault, ...targetIn(fault) } });
}

/**
 * Reads the three envelopes that Partner Center has: `{code, description, data}`, `{code, message, errorName}`, and the
 * gateway's `{statusCode, message}`. Some refusals have no body that can be read.
 */
function readRefusal(json: unknown): Refusal {
  if (!isValues(json)) return { code: undefined, message: undefined };
  const code = Number(json["code"]);
  const { data } = json;
  const details = Array.isArray(data) ? data.filter((each) => typeof each === "string") : [];
  const text = [json["message"] ?? json["description"], ...details].filter((each) => typeof each === "string");
  return {
    code: Number.isInteger(code) && code > 0 ? code : undefined,
    message: text.length === 0 ? undefined : text.join(" ").slice(0, 2000),
  };
}

// 27002 tells of the property in words alone: "property_name: StateInvalid".
function targetIn({ innerCode, message }: ProvisioningFault): Partial<ProvisioningFault> {
  if (innerCode !== "invalidProperty") return {};
  const address = "billingProfile/defaultAddress";
  if (/state/i.test(message)) return { innerCode: "stateInvalid", target: `${address}/state` };
  if (/postal|zip/i.test(message)) return { innerCode: "postalCodeInvalid", target: `${address}/postalCode` };
  if (/city/i.test(message)) return { innerCode: "cityRequired", target: `${address}/city` };
  return {};
}

function byStatus(status: number): Known {
  if (status === 409) return domainInUse;
  if (status === 401) return { code: "unauthorized", innerCode: "insufficientPermissions" };
  if (status === 403) return { code: "forbidden", innerCode: "insufficientPermissions" };
  return { code: "badRequest", innerCode: "invalidProperty" };
}

function registration(innerCode: string): Known {
  return { code: "badRequest", innerCode, target: "companyProfile/organizationRegistrationNumber" };
}
