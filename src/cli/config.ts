import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type Network, parseNetwork } from "../notify/addresses.ts";
import { nearest } from "../odata/nearest.ts";
import { countryCodes } from "../onboarding/countries/countries.ts";
import { type Limits, limits } from "../onboarding/limits.ts";
import type { ValidationSettings } from "../onboarding/rules/rule.ts";
import type { Trust } from "../server/authenticate.ts";
import type { Chaos } from "../server/chaos.ts";
import { isTrustworthyUrl } from "../server/issuer-keys.ts";
import type { PortalSettings } from "../server/portal.ts";
import { readChaos } from "./chaos-config.ts";
import { type ProvisionerConfiguration, readProvisioner } from "./provisioner-config.ts";
import { ConfigurationError, readChoice, readNumber, readPort, readUrl, variableOf } from "./setting.ts";
import { type SettingName, settings } from "./settings.ts";
import { readTelemetry, type TelemetryConfiguration } from "./telemetry-config.ts";

const processesMax = 64;

/** What the settings say, checked. */
export interface Configuration {
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  /** How many processes serve. */
  readonly processes: number;
  readonly development: boolean;
  readonly trust: readonly Trust[];
  /** `auto`: a local authority's certificate; otherwise the files of the certificate and its key. */
  readonly tls: "auto" | "off" | { readonly cert: string; readonly key: string };
  readonly tlsPort: number;
  readonly publicUrl: string | undefined;
  readonly corsOrigins: readonly string[];
  readonly portal: PortalSettings;
  readonly profile: "graph" | "oasis";
  readonly domainSuffixes: readonly string[];
  readonly limits: Limits;
  readonly validation: ValidationSettings;
  readonly credentialKeysFile: string | undefined;
  readonly provisioner: ProvisionerConfiguration;
  /** The networks, not public ones, in which receivers of notifications may be. */
  readonly notificationNetworks: readonly Network[];
  readonly chaos: Chaos | undefined;
  readonly logFile: string | undefined;
  readonly logLevel: string;
  readonly telemetry: TelemetryConfiguration;
}

/** Reads the settings: a flag stands above the environment, the environment above the default. */
export function readConfiguration(
  flags: Readonly<Partial<Record<SettingName, string | boolean>>>,
  environment: Readonly<Record<string, string | undefined>>,
): Configuration {
  const text = (name: SettingName): string => {
    const value = flags[name] ?? readVariable(variableOf(settings[name]), environment) ?? settings[name].byDefault;
    return typeof value === "boolean" ? String(value) : value.trim();
  };
  const host = text("host");
  const trust = readTrust(text);
  const provisioner = readProvisioner(text, environment);
  const development = readDevelopment(text("development"), trust.length > 0, host);
  const databaseUrl = readUrl(settings.databaseUrl.flag, text("databaseUrl"), ["postgres:", "postgresql:"]);
  return {
    port: readPort(settings.port.flag, text("port")),
    host,
    dataDirectory: text("dataDirectory"),
    databaseUrl,
    processes: readProcesses(text("processes"), databaseUrl),
    development,
    trust,
    tls: readTls(text),
    tlsPort: readPort(settings.tlsPort.flag, text("tlsPort")),
    publicUrl: readUrl(settings.publicUrl.flag, text("publicUrl"), ["http:", "https:"])?.replace(/\/+$/, ""),
    corsOrigins: readOrigins(text("corsOrigins")),
    portal: { development, ...readSignIn(text, trust) },
    profile: readChoice(settings.profile.flag, text("profile"), ["graph", "oasis"]),
    domainSuffixes: readDomains("domainSuffixes", text("domainSuffixes")),
    limits: {
      ...readLimits(text("limits")),
      reservationHours: readNumber(settings.reservationHours.flag, text("reservationHours"), 0.001, 24 * 365),
      repairHours: readNumber(settings.repairHours.flag, text("repairHours"), 0, 24 * 365),
      deletedDays: readNumber(settings.deletedDays.flag, text("deletedDays"), 0, 3650),
      leaseSeconds: readNumber(settings.leaseSeconds.flag, text("leaseSeconds"), 1, 3600),
    },
    validation: readValidation(text, provisioner),
    credentialKeysFile: text("credentialKeysFile") || undefined,
    provisioner,
    notificationNetworks: readNetworks(text("notificationNetworks")),
    telemetry: readTelemetry(text, environment, development),
    chaos: readChaos(text("chaos"), text("chaosSeed"), development),
    logFile: text("logFile") || undefined,
    logLevel: readChoice(settings.logLevel.flag, text("logLevel"), ["debug", "info", "warn", "error", "silent"]),
  };
}

// A variable can name a file that holds the value, in the manner of secrets that are mounted as files.
function readVariable(name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const file = environment[`${name}_FILE`];
  if (file === undefined || file === "") return environment[name];
  if (environment[name] !== undefined) throw new ConfigurationError(`Set ${name} or ${name}_FILE, not both.`);
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new ConfigurationError(`The file that ${name}_FILE names cannot be read.`);
  }
}

function readProcesses(value: string, databaseUrl: string | undefined): number {
  const { flag } = settings.processes;
  if (value !== "auto" && (!/^[1-9]\d?$/.test(value) || Number(value) > processesMax)) {
    throw new ConfigurationError(
      `--${flag} must be a whole number from 1 to ${processesMax}, or auto; it is '${value}'.`,
    );
  }
  if (databaseUrl !== undefined) return value === "auto" ? availableParallelism() : Number(value);
  if (value === "1") return 1;
  throw new ConfigurationError(
    `--${flag} ${value} needs PostgreSQL, so set --database-url: the embedded database belongs to one process alone.`,
  );
}

/** Tells an address that only this machine can reach. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function readTrust(text: (name: SettingName) => string): readonly Trust[] {
  const issuers = readList(text("issuer"));
  const audiences = readList(text("audience"));
  const [jwksUrl, context] = [text("jwksUrl"), text("authenticationContext")];
  if (issuers.length === 0 && audiences.length === 0 && jwksUrl === "") return [];
  if (issuers.length === 0 || audiences.length === 0) {
    throw new ConfigurationError("Tokens need both an issuer and an audience: set --issuer and --audience.");
  }
  if (jwksUrl !== "" && issuers.length > 1) {
    throw new ConfigurationError("--jwks-url goes with one issuer; several tell their keys by discovery.");
  }
  // The value is not repeated in the message: a URL can hold a password.
  if (jwksUrl !== "" && !isTrustworthyUrl(jwksUrl)) {
    throw new ConfigurationError(
      "--jwks-url must be a URL that begins with https://, or http:// on a loopback address.",
    );
  }
  const unsafe = issuers.find((issuer) => jwksUrl === "" && !isTrustworthyUrl(issuer));
  if (unsafe !== undefined) {
    throw new ConfigurationError(
      `--issuer must be a URL that begins with https://, or http:// on a loopback address; '${unsafe}' does not.`,
    );
  }
  const keys = jwksUrl === "" ? "discovered" : { jwksUrl };
  const wanted = context === "" ? {} : { authenticationContext: context };
  return issuers.map((issuer) => ({ issuer, audiences, keys, ...wanted }));
}

function readTls(text: (name: SettingName) => string): Configuration["tls"] {
  const choice = readChoice(settings.tls.flag, text("tls"), ["auto", "files", "off"]);
  const files = { cert: text("tlsCertificate"), key: text("tlsKey") };
  const isGiven = files.cert !== "" && files.key !== "";
  if (choice === "files" && isGiven) return files;
  if (choice !== "files" && files.cert === "" && files.key === "") return choice;
  throw new ConfigurationError("--tls files goes with both --tls-cert and --tls-key, and they with it.");
}

// An issuer of many tenants is asked for as what Microsoft Entra calls the tenant of whoever signs in.
function readSignIn(text: (name: SettingName) => string, [first]: readonly Trust[]): Pick<PortalSettings, "signIn"> {
  const clientId = text("portalClientId");
  if (clientId === "") return {};
  if (first === undefined)
    throw new ConfigurationError("--portal-client-id needs --issuer: the portal signs in there.");
  const issuer = first.issuer.replace("{tenantid}", "organizations");
  return { signIn: { issuer, clientId, scope: text("portalScope") } };
}

function readOrigins(value: string): readonly string[] {
  const origins = readList(value);
  const wrong = origins.find((each) => each !== "*" && (!URL.canParse(each) || new URL(each).origin !== each));
  if (wrong === undefined) return origins;
  throw new ConfigurationError(
    `--cors-origins must be a list of origins such as https://portal.example, or *; '${wrong}' is none.`,
  );
}

function readNetworks(value: string): readonly Network[] {
  return readList(value).map((each) => {
    const network = parseNetwork(each);
    if (network !== undefined) return network;
    throw new ConfigurationError(
      `--notification-networks must be a list of networks such as 10.0.0.0/8; '${each}' is none.`,
    );
  });
}

function readList(value: string): readonly string[] {
  const items = value.split(",").map((each) => each.trim());
  return items.filter((each) => each !== "");
}

function readDevelopment(value: string, hasIssuer: boolean, host: string): boolean {
  const wanted = value === "" ? !hasIssuer : readChoice(settings.development.flag, value, ["true", "false"]) === "true";
  if (!wanted && !hasIssuer) {
    throw new ConfigurationError("Nobody could call: set --issuer and --audience, or use --dev.");
  }
  if (!wanted || isLoopback(host)) return wanted;
  throw new ConfigurationError(
    `Development mode listens on loopback only, and --host is '${host}'. ` +
      "Set --issuer and --audience to serve others, or use --host 127.0.0.1.",
  );
}

// Limits that have a flag of their own are set by it.
const named: readonly string[] = [
  "reservationHours",
  "repairHours",
  "deletedDays",
  "leaseSeconds",
] satisfies (keyof Limits)[];

function readLimits(value: string): Limits {
  const changed: Record<string, number> = {};
  for (const each of readList(value)) {
    const [name = "", number = ""] = each.split("=").map((part) => part.trim());
    const known = Object.keys(limits).filter((one) => !named.includes(one));
    if (!known.includes(name)) {
      const meant = nearest(name, known) ?? `one of ${known.join(", ")}`;
      throw new ConfigurationError(`--limits knows no '${name}'. Did you mean ${meant}?`);
    }
    if (!/^[1-9]\d{0,14}$/.test(number)) {
      throw new ConfigurationError(`--limits must have a whole number above 0 for ${name}; it is '${number}'.`);
    }
    changed[name] = Number(number);
  }
  return { ...limits, ...changed };
}

function readValidation(
  text: (name: SettingName) => string,
  provisioner: ProvisionerConfiguration,
): ValidationSettings {
  const blocked = text("blockedEmailDomains");
  const countries = text("countries");
  return {
    level: readLevel(text("validation"), provisioner),
    blockedEmailDomains: blocked === "" ? [] : readDomains("blockedEmailDomains", blocked),
    ...(countries === "" ? {} : { countries: readCountries(countries) }),
  };
}

// What Partner Center would refuse is refused before anything is made (D5).
function readLevel(value: string, { kind }: ProvisionerConfiguration): ValidationSettings["level"] {
  const least = kind === "partner-center" ? "strict" : "documented";
  const level = readChoice(settings.validation.flag, value || least, ["documented", "strict"]);
  if (least === "documented" || level === "strict") return level;
  throw new ConfigurationError("--provisioner partner-center goes with --validation strict only.");
}

function readCountries(value: string): readonly string[] {
  const countries = value.split(",").map((each) => each.trim().toUpperCase());
  const wrong = countries.find((each) => !countryCodes.includes(each));
  if (wrong === undefined) return countries;
  throw new ConfigurationError(`--${settings.countries.flag} must be a list of ISO 3166-1 codes; '${wrong}' is none.`);
}

function readDomains(name: SettingName, value: string): readonly string[] {
  const domains = value.split(",").map((each) => each.trim().replace(/^\./, "").toLowerCase());
  const wrong = domains.find((each) => !/^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/.test(each));
  if (wrong === undefined) return domains;
  throw new ConfigurationError(`--${settings[name].flag} must be a list of domains; '${wrong}' is none.`);
}
