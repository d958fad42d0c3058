import { limits } from "../onboarding/limits.ts";
import { type ProvisionerConfiguration, provisionerSettings, readProvisioner } from "./provisioner-config.ts";
import { ConfigurationError, readChoice, readNumber, readPort, readUrl, type Setting, variableOf } from "./setting.ts";

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
  development: {
    flag: "dev",
    byDefault: "",
    meaning:
      "Believe the development key as well. Only on a loopback address; the default there when no issuer is set.",
  },
  issuer: { flag: "issuer", value: "url", byDefault: "", meaning: "The issuer of the tokens (iss)." },
  audience: { flag: "audience", value: "text", byDefault: "", meaning: "The audience of the tokens (aud)." },
  jwksUrl: { flag: "jwks-url", value: "url", byDefault: "", meaning: "Where the issuer's public keys are." },
  tls: {
    flag: "tls",
    value: "auto|off",
    byDefault: "off",
    meaning: "auto: listen on https as well, with a local CA made in the data directory.",
  },
  tlsPort: { flag: "tls-port", value: "number", byDefault: "8443", meaning: "The port of https." },
  publicUrl: {
    flag: "public-url",
    value: "url",
    byDefault: "",
    meaning: "Scheme and authority that clients see, when a proxy stands before the server.",
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
  ...provisionerSettings,
  logLevel: { flag: "log-level", value: "level", byDefault: "info", meaning: "debug, info, warn, error or silent." },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;

/** What the settings say, checked. */
export interface Configuration {
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly development: boolean;
  readonly trust: { readonly issuer: string; readonly audience: string; readonly jwksUrl: string } | undefined;
  readonly tls: "auto" | "off";
  readonly tlsPort: number;
  readonly publicUrl: string | undefined;
  readonly domainSuffixes: readonly string[];
  readonly reservationHours: number;
  readonly repairHours: number;
  readonly deletedDays: number;
  readonly credentialKeysFile: string | undefined;
  readonly leaseSeconds: number;
  readonly provisioner: ProvisionerConfiguration;
  readonly logLevel: string;
}

/** Reads the settings: a flag stands above the environment, the environment above the default. */
export function readConfiguration(
  flags: Readonly<Partial<Record<SettingName, string | boolean>>>,
  environment: Readonly<Record<string, string | undefined>>,
): Configuration {
  const text = (name: SettingName): string => {
    const value = flags[name] ?? environment[variableOf(settings[name])] ?? settings[name].byDefault;
    return typeof value === "boolean" ? String(value) : value.trim();
  };
  const host = text("host");
  const trust = readTrust(text);
  const development = readDevelopment(text("development"), trust !== undefined, host);
  return {
    port: readPort(settings.port.flag, text("port")),
    host,
    dataDirectory: text("dataDirectory"),
    databaseUrl: readUrl(settings.databaseUrl.flag, text("databaseUrl"), ["postgres:", "postgresql:"]),
    development,
    trust,
    tls: readChoice(settings.tls.flag, text("tls"), ["auto", "off"]),
    tlsPort: readPort(settings.tlsPort.flag, text("tlsPort")),
    publicUrl: readUrl(settings.publicUrl.flag, text("publicUrl"), ["http:", "https:"])?.replace(/\/+$/, ""),
    domainSuffixes: readSuffixes(text("domainSuffixes")),
    reservationHours: readNumber(settings.reservationHours.flag, text("reservationHours"), 0.001, 24 * 365),
    repairHours: readNumber(settings.repairHours.flag, text("repairHours"), 0, 24 * 365),
    deletedDays: readNumber(settings.deletedDays.flag, text("deletedDays"), 0, 3650),
    credentialKeysFile: text("credentialKeysFile") || undefined,
    leaseSeconds: readNumber(settings.leaseSeconds.flag, text("leaseSeconds"), 1, 3600),
    provisioner: readProvisioner(text, environment),
    logLevel: readChoice(settings.logLevel.flag, text("logLevel"), ["debug", "info", "warn", "error", "silent"]),
  };
}

/** Tells an address that only this machine can reach. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function readTrust(text: (name: SettingName) => string): Configuration["trust"] {
  const names = ["issuer", "audience", "jwksUrl"] as const;
  const given = names.filter((name) => text(name) !== "");
  if (given.length === 0) return undefined;
  const absent = names.filter((name) => text(name) === "").map((name) => `--${settings[name].flag}`);
  if (absent.length > 0)
    throw new ConfigurationError(`An issuer needs all of its settings; ${absent.join(" and ")} must be set too.`);
  const jwksUrl = readUrl(settings.jwksUrl.flag, text("jwksUrl"), ["https:", "http:"]) ?? "";
  return { issuer: text("issuer"), audience: text("audience"), jwksUrl };
}

function readDevelopment(value: string, hasIssuer: boolean, host: string): boolean {
  const wanted = value === "" ? !hasIssuer : readChoice(settings.development.flag, value, ["true", "false"]) === "true";
  if (!wanted && !hasIssuer) {
    throw new ConfigurationError("Nobody could call: set --issuer, --audience and --jwks-url, or use --dev.");
  }
  if (!wanted || isLoopback(host)) return wanted;
  throw new ConfigurationError(
    `Development mode listens on loopback only, and --host is '${host}'. ` +
      "Set --issuer, --audience and --jwks-url to serve others, or use --host 127.0.0.1.",
  );
}

function readSuffixes(value: string): readonly string[] {
  const suffixes = value.split(",").map((each) => each.trim().replace(/^\./, "").toLowerCase());
  const wrong = suffixes.find((each) => !/^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/.test(each));
  if (wrong === undefined) return suffixes;
  throw new ConfigurationError(`--${settings.domainSuffixes.flag} must be a list of domains; '${wrong}' is none.`);
}
