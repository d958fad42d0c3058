import { isValues } from "../model/define.ts";
import { uuidPattern } from "../model/kinds.ts";
import {
  type Credentials,
  ProvisioningFailure,
  type ProvisioningFault,
  type ProvisioningResult,
  relationships,
} from "../onboarding/provisioner.ts";

const codePattern = /^[A-Za-z][A-Za-z0-9]{0,99}$/;
const messageLengthMax = 2000;
const targetLengthMax = 500;

/** Reads what a service says that a stage has made. What it must not say is a failure: nothing is taken by half. */
export function readResult(json: unknown): ProvisioningResult {
  if (json === undefined) return {};
  if (!isValues(json)) throw misunderstood("an answer of 200 is a JSON object, or is empty");
  const { tenantId, relationshipToPartner, allowDelegatedAccess, credentials } = json;
  const relationship = relationships.find((each) => each === relationshipToPartner);
  if (isGiven(tenantId) && !(typeof tenantId === "string" && uuidPattern.test(tenantId))) {
    throw misunderstood("'tenantId' is a UUID");
  }
  if (isGiven(relationshipToPartner) && relationship === undefined) {
    throw misunderstood(`'relationshipToPartner' is one of ${relationships.join(", ")}`);
  }
  if (isGiven(allowDelegatedAccess) && typeof allowDelegatedAccess !== "boolean") {
    throw misunderstood("'allowDelegatedAccess' is true or false");
  }
  return {
    ...(typeof tenantId === "string" ? { tenantId: tenantId.toLowerCase() } : {}),
    ...(relationship === undefined ? {} : { relationshipToPartner: relationship }),
    ...(typeof allowDelegatedAccess === "boolean" ? { allowDelegatedAccess } : {}),
    ...(isGiven(credentials) ? { credentials: readCredentials(credentials) } : {}),
  };
}

/** Reads why a service refuses a stage, if it says so in the shape of an error answer: the client is told. */
export function readFault(json: unknown): ProvisioningFault | undefined {
  const error = isValues(json) ? json["error"] : undefined;
  if (!isValues(error)) return undefined;
  const { code, message, target } = error;
  if (typeof code !== "string" || !codePattern.test(code) || typeof message !== "string" || message === "") {
    return undefined;
  }
  return {
    code: "badRequest",
    innerCode: code,
    message: message.slice(0, messageLengthMax),
    ...(typeof target === "string" && target !== "" ? { target: target.slice(0, targetLengthMax) } : {}),
  };
}

/** Reads a user name and a password. */
export function readCredentials(json: unknown): Credentials {
  const { userName, password } = isValues(json) ? json : {};
  if (typeof userName === "string" && typeof password === "string") return { userName, password };
  throw misunderstood("'credentials' is an object with 'userName' and 'password'");
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function misunderstood(rule: string): ProvisioningFailure {
  return new ProvisioningFailure(`The answer of the provisioner was not understood: ${rule}.`, { passing: true });
}
