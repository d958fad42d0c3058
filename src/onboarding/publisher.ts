import type { JWK } from "jose";

/** Signs for the receivers of notifications: all processes on one database with the same key. */
export interface Publisher {
  /** Who signs: the claim `iss`. */
  readonly issuer: string;
  /** The application that publishes: the claim `appid`. */
  applicationId(): Promise<string>;
  /** Makes a validation token for an application of a partner (Microsoft Graph, change notifications with resource data). */
  sign(audience: string, partnerId: string): Promise<string>;
  /** The public keys that the signatures are checked with (RFC 7517). */
  publicKeys(): Promise<{ readonly keys: readonly JWK[] }>;
}
