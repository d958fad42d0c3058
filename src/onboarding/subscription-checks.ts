import type { Values } from "../model/define.ts";
import { type Checked, type Complaint, Problem } from "../model/problem.ts";
import { parseCertificate } from "./encryption-certificate.ts";
import type { Context } from "./offer.ts";
import { changeTypes, parseChangeTypes, parseResource, resourceForms } from "./watched-resource.ts";

/** The faults of a new subscription that the model does not know of. */
export function checkNewSubscription(context: Context, given: Values): Checked {
  const { resource, changeType } = given;
  const complaints: Complaint[] = [];
  if (typeof resource === "string" && parseResource(resource) === undefined) {
    const message = `'resource' must be one of ${resourceForms}, without the URL of the service; it is '${resource}'.`;
    complaints.push(malformed("resource", message));
  }
  if (typeof changeType === "string" && parseChangeTypes(changeType) === undefined) {
    const message = `'changeType' must be a list of ${changeTypes.join(", ")}, each at most once; it is '${changeType}'.`;
    complaints.push(malformed("changeType", message));
  }
  complaints.push(
    ...complainAboutFilter(context, given),
    ...complainAboutEncryption(given),
    ...checkSubscription(context, given).complaints,
  );
  return { values: given, complaints };
}

/** The faults of a change of a subscription that the model does not know of. */
export function checkSubscription(context: Context, given: Values): Checked {
  const urls = ["notificationUrl", "lifecycleNotificationUrl"] as const;
  const complaints = urls.flatMap((property): Complaint[] => {
    const url = given[property];
    if (typeof url !== "string") return [];
    const fault = context.messenger.complainAbout(url);
    // The URL is not repeated: there may be a secret in it.
    return fault === undefined ? [] : [malformed(property, `'${property}' ${fault}.`)];
  });
  const { latestSupportedTlsVersion, encryptionCertificate } = given;
  if (latestSupportedTlsVersion === "v1_0" || latestSupportedTlsVersion === "v1_1") {
    const message = "TLS 1.0 and 1.1 are withdrawn (RFC 8996). Set 'latestSupportedTlsVersion' to v1_2 or v1_3.";
    complaints.push({ code: "notSupported", message, target: "latestSupportedTlsVersion" });
  }
  if (typeof encryptionCertificate === "string" && parseCertificate(encryptionCertificate) === undefined) {
    const message =
      "'encryptionCertificate' must be an X.509 certificate in base64 whose key is an RSA key of 2048 to 4096 bits.";
    complaints.push(malformed("encryptionCertificate", message));
  }
  complaints.push(...complainAboutExpiration(context, given["expirationDateTime"]));
  return { values: given, complaints };
}

/** The instant at which a subscription ends that asks for one: no lifetime is shorter than the least. */
export function expirationOf({ clock, limits }: Context, asked: string): string {
  const least = new Date(Date.parse(clock()) + limits.subscriptionMinutesMin * 60_000).toISOString();
  return asked < least ? least : asked;
}

function complainAboutExpiration({ clock, limits }: Context, asked: unknown): readonly Complaint[] {
  if (typeof asked !== "string") return [];
  const now = clock();
  const most = new Date(Date.parse(now) + limits.subscriptionMinutesMax * 60_000).toISOString();
  if (asked > now && asked <= most) return [];
  const message = `'expirationDateTime' must be in the future, and at most ${limits.subscriptionMinutesMax} minutes: until ${most}. It is ${asked}.`;
  return [malformed("expirationDateTime", message)];
}

function complainAboutFilter({ notation }: Context, given: Values): readonly Complaint[] {
  const { resource, notificationQueryOptions: query } = given;
  const target = "notificationQueryOptions";
  const watched = typeof resource === "string" ? parseResource(resource) : undefined;
  if (typeof query !== "string" || watched === undefined) return [];
  try {
    if (notation.readFilter(watched.type, query) !== undefined) return [];
    return [malformed(target, `'${target}' must be a $filter, such as $filter=startswith(id,'0198').`)];
  } catch (error) {
    if (error instanceof Problem) return [{ code: error.code, message: error.message, target }];
    throw error;
  }
}

function complainAboutEncryption(given: Values): readonly Complaint[] {
  const needed = ["encryptionCertificate", "encryptionCertificateId"] as const;
  const isWanted = given["includeResourceData"] === true;
  return needed.flatMap((property) => {
    const isGiven = typeof given[property] === "string";
    if (isGiven === isWanted) return [];
    if (isWanted) {
      const message = `'${property}' is required when 'includeResourceData' is true.`;
      return [{ code: "requiredFieldMissing", message, target: property } as const];
    }
    return [malformed(property, `'${property}' goes with 'includeResourceData': true. Set that, or leave it out.`)];
  });
}

function malformed(target: string, message: string): Complaint {
  return { code: "malformedValue", message, target };
}
