import { limits } from "../onboarding/limits.ts";
import { chaosSettings } from "./chaos-config.ts";
import { provisionerSettings } from "./provisioner-config.ts";
import type { Setting } from "./setting.ts";
import { telemetrySettings } from "./telemetry-config.ts";

/** Every setting, in the order in which `--help` prints them. The variable of `--data-dir` is `TENANTRY_DATA_DIR`. */
export const settings = {
  port: { flag: "port", value: "number", byDefault: "8080", meaning: "The port of http." },
  host: { flag: "host", value: "address", byDefault: "127.0.0.1", meaning: "The address to listen on." },
  dataDirectory: {
    flag: "data-dir",
    value: "directory",
    byDefault: ".tenantry",
    meaning: "Where the embedded database, the development key and the certificates are.",
  },
  databaseUrl: {
    flag: "database-url",
    value: "url",
    byDefault: "",
    meaning: "A PostgreSQL server (postgres://…) instead of the embedded database.",
  },
  processes: {
    flag: "processes",
    value: "number|auto",
    byDefault: "1",
    meaning: "How many processes serve, on PostgreSQL only; auto: as many as there are cores.",
  },
  development: {
    flag: "dev",
    byDefault: "",
    meaning:
      "Believe the development key as well. Only on a loopback address; the default there when no issuer is set.",
  },
  issuer: {
    flag: "issuer",
    value: "list",
    byDefault: "",
    meaning: "The issuers of the tokens (iss), separated by commas; {tenantid} stands for the tenant (tid).",
  },
  audience: {
    flag: "audience",
    value: "list",
    byDefault: "",
    meaning: "The audiences of the tokens (aud), separated by commas.",
  },
  jwksUrl: {
    flag: "jwks-url",
    value: "url",
    byDefault: "",
    meaning: "Where the keys of the only issuer are; by default each issuer tells it (OpenID Connect Discovery).",
  },
  authenticationContext: {
    flag: "authentication-context",
    value: "text",
    byDefault: "",
    meaning: "An authentication context, such as c1, that tokens must have (acrs).",
  },
  tls: {
    flag: "tls",
    value: "auto|files|off",
    byDefault: "off",
    meaning: "Listen on https as well. auto: with a local CA made in the data directory; files: with --tls-cert.",
  },
  tlsCertificate: {
    flag: "tls-cert",
    value: "file",
    byDefault: "",
    meaning: "The certificate with its chain, in PEM. A renewed one is taken over while the server runs.",
  },
  tlsKey: { flag: "tls-key", value: "file", byDefault: "", meaning: "The key of the certificate, in PEM." },
  tlsPort: { flag: "tls-port", value: "number", byDefault: "8443", meaning: "The port of https." },
  publicUrl: {
    flag: "public-url",
    value: "url",
    byDefault: "",
    meaning: "Scheme and authority that clients see, when a proxy stands before the server.",
  },
  corsOrigins: {
    flag: "cors-origins",
    value: "list",
    byDefault: "",
    meaning: "The origins whose scripts may read answers in a browser, separated by commas; * for all.",
  },
  portalClientId: {
    flag: "portal-client-id",
    value: "id",
    byDefault: "",
    meaning: "The application that people sign in to the portal as, at the first issuer: a public client with PKCE.",
  },
  portalScope: {
    flag: "portal-scope",
    value: "list",
    byDefault: "openid profile",
    meaning:
      "What the portal asks the issuer for, separated by spaces, such as openid profile api://tenantry/.default.",
  },
  profile: {
    flag: "profile",
    value: "graph|oasis",
    byDefault: "graph",
    meaning: "How requests without OData-MaxVersion are answered: as Microsoft Graph does, or in OData 4.01.",
  },
  domainSuffixes: {
    flag: "domain-suffixes",
    value: "list",
    byDefault: "onmicrosoft.com",
    meaning: "The suffixes under which domains may be reserved, separated by commas.",
  },
  reservationHours: {
    flag: "reservation-hours",
    value: "number",
    byDefault: String(limits.reservationHours),
    meaning: "How long a domain stays reserved for an operation without a customer.",
  },
  repairHours: {
    flag: "repair-hours",
    value: "number",
    byDefault: String(limits.repairHours),
    meaning: "How long a failed operation keeps its domain and can be retried.",
  },
  deletedDays: {
    flag: "deleted-days",
    value: "number",
    byDefault: String(limits.deletedDays),
    meaning: "How long what was deleted is kept, and the domain of a deleted customer with it.",
  },
  credentialKeysFile: {
    flag: "credential-keys-file",
    value: "file",
    byDefault: "",
    meaning:
      "The keys that the credentials of new tenants are sealed with, the newest first; made by itself with --dev.",
  },
  leaseSeconds: {
    flag: "lease-seconds",
    value: "number",
    byDefault: String(limits.leaseSeconds),
    meaning: "After how long another worker takes over from one that has died.",
  },
  limits: {
    flag: "limits",
    value: "list",
    byDefault: "",
    meaning: "Limits by their names, such as pageSizeMax=500,bodyBytesMax=2000000; they are listed below.",
  },
  validation: {
    flag: "validation",
    value: "documented|strict",
    byDefault: "",
    meaning:
      "strict: a customer needs everything that Partner Center asks for, the default there; documented, else the default: only what the page does.",
  },
  blockedEmailDomains: {
    flag: "blocked-email-domains",
    value: "list",
    byDefault: "microsoft.com",
    meaning: "Domains whose e-mail addresses no customer can have; add those of the partners themselves.",
  },
  countries: {
    flag: "countries",
    value: "list",
    byDefault: "",
    meaning: "The countries in which customers can be, as two letters separated by commas; by default all.",
  },
  notificationNetworks: {
    flag: "notification-networks",
    value: "list",
    byDefault: "",
    meaning: "Networks that are not public in which receivers of notifications may be, such as 10.0.0.0/8.",
  },
  ...provisionerSettings,
  ...chaosSettings,
  logFile: {
    flag: "log-file",
    value: "file",
    byDefault: "",
    meaning: "Where the log goes; by default to standard error.",
  },
  ...telemetrySettings,
  logLevel: { flag: "log-level", value: "level", byDefault: "info", meaning: "debug, info, warn, error or silent." },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;
