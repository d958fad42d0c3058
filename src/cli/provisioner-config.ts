import { readFileSync } from "node:fs";
import { ConfigurationError, readChoice, readNumber, readUrl, type Setting } from "./setting.ts";

/** The settings of who makes the tenants. */
export const provisionerSettings = {
  provisioner: {
    flag: "provisioner",
    value: "name",
    byDefault: "local",
    meaning: "Who makes the tenants: local, partner-center or http.",
  },
  localDelaySeconds: {
    flag: "local-delay-seconds",
    value: "number",
    byDefault: "0",
    meaning: "local: how long each stage takes.",
  },
  localFailureRate: {
    flag: "local-failure-rate",
    value: "number",
    byDefault: "0",
    meaning: "local: how many of the attempts fail in passing, from 0 to 1.",
  },
  provisionerUrl: {
    flag: "provisioner-url",
    value: "url",
    byDefault: "",
    meaning: "http: where the stages are asked for, see docs/provisioner-http.md.",
  },
  provisionerSecretFile: {
    flag: "provisioner-secret-file",
    value: "file",
    byDefault: "",
    meaning: "http: what the requests are signed with; or TENANTRY_PROVISIONER_SECRET.",
  },
  partnerCenterUrl: {
    flag: "partner-center-url",
    value: "url",
    byDefault: "https://api.partnercenter.microsoft.com/v1",
    meaning: "partner-center: where its REST API is.",
  },
  partnerCenterTokenUrl: {
    flag: "partner-center-token-url",
    value: "url",
    byDefault: "",
    meaning: "partner-center: the token endpoint of the partner's tenant.",
  },
  partnerCenterClientId: {
    flag: "partner-center-client-id",
    value: "id",
    byDefault: "",
    meaning: "partner-center: the application that calls.",
  },
  partnerCenterSecretFile: {
    flag: "partner-center-secret-file",
    value: "file",
    byDefault: "",
    meaning: "partner-center: the application's secret; or TENANTRY_PARTNER_CENTER_SECRET.",
  },
  partnerCenterRefreshTokenFile: {
    flag: "partner-center-refresh-token-file",
    value: "file",
    byDefault: "",
    meaning: "partner-center: a refresh token, to call for a user; or TENANTRY_PARTNER_CENTER_REFRESH_TOKEN.",
  },
  partnerCenterScope: {
    flag: "partner-center-scope",
    value: "text",
    byDefault: "https://api.partnercenter.microsoft.com/.default",
    meaning: "partner-center: what the token is asked for.",
  },
  partnerCenterSandbox: {
    flag: "partner-center-sandbox",
    byDefault: "false",
    meaning: "partner-center: the account is an integration sandbox, where customers can be deleted.",
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** Who makes the tenants, checked. */
export type ProvisionerConfiguration =
  | { readonly kind: "local"; readonly delaySeconds: number; readonly failureRate: number }
  | { readonly kind: "http"; readonly url: URL; readonly secret: Uint8Array }
  | {
      readonly kind: "partner-center";
      readonly url: URL;
      readonly tokenUrl: URL;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly refreshToken: string | undefined;
      readonly scope: string;
      readonly sandbox: boolean;
    };

type Text = (name: keyof typeof provisionerSettings) => string;
type Environment = Readonly<Record<string, string | undefined>>;

const secretLengthMin = 24;

/** Reads who makes the tenants. Secrets come from files or from the environment, and stand in no message. */
export function readProvisioner(text: Text, environment: Environment): ProvisionerConfiguration {
  const { provisioner } = provisionerSettings;
  const kind = readChoice(provisioner.flag, text("provisioner"), ["local", "partner-center", "http"]);
  if (kind === "http") return readHttp(text, environment);
  if (kind === "partner-center") return readPartnerCenter(text, environment);
  const { localDelaySeconds, localFailureRate } = provisionerSettings;
  return {
    kind,
    delaySeconds: readNumber(localDelaySeconds.flag, text("localDelaySeconds"), 0, 3600),
    failureRate: readNumber(localFailureRate.flag, text("localFailureRate"), 0, 1),
  };
}

function readHttp(text: Text, environment: Environment): ProvisionerConfiguration {
  const url = readRequiredUrl(text, "provisionerUrl");
  const secret = readRequiredSecret(text, environment, "provisionerSecretFile", "TENANTRY_PROVISIONER_SECRET");
  if (secret.length < secretLengthMin) {
    throw new ConfigurationError(`The secret of the provisioner must have ${secretLengthMin} characters at the least.`);
  }
  // Standard Webhooks writes a secret as whsec_ and base64.
  const isEncoded = secret.startsWith("whsec_");
  const bytes = isEncoded ? Buffer.from(secret.slice("whsec_".length), "base64") : Buffer.from(secret);
  return { kind: "http", url, secret: bytes };
}

function readPartnerCenter(text: Text, environment: Environment): ProvisionerConfiguration {
  const variable = "TENANTRY_PARTNER_CENTER_SECRET";
  const { partnerCenterSandbox } = provisionerSettings;
  return {
    kind: "partner-center",
    url: readRequiredUrl(text, "partnerCenterUrl"),
    tokenUrl: readRequiredUrl(text, "partnerCenterTokenUrl"),
    clientId: readRequired(text, "partnerCenterClientId"),
    clientSecret: readRequiredSecret(text, environment, "partnerCenterSecretFile", variable),
    refreshToken: readSecret(
      text,
      environment,
      "partnerCenterRefreshTokenFile",
      "TENANTRY_PARTNER_CENTER_REFRESH_TOKEN",
    ),
    scope: readRequired(text, "partnerCenterScope"),
    sandbox: readChoice(partnerCenterSandbox.flag, text("partnerCenterSandbox"), ["true", "false"]) === "true",
  };
}

function readRequired(text: Text, name: keyof typeof provisionerSettings): string {
  if (text(name) !== "") return text(name);
  const { provisioner } = provisionerSettings;
  throw new ConfigurationError(
    `--${provisioner.flag} ${text("provisioner")} needs --${provisionerSettings[name].flag} as well.`,
  );
}

function readRequiredUrl(text: Text, name: keyof typeof provisionerSettings): URL {
  const value = readRequired(text, name);
  return new URL(readUrl(provisionerSettings[name].flag, value, ["https:", "http:"]) ?? value);
}

type SecretSetting = "provisionerSecretFile" | "partnerCenterSecretFile" | "partnerCenterRefreshTokenFile";

function readRequiredSecret(text: Text, environment: Environment, name: SecretSetting, variable: string): string {
  return readSecret(text, environment, name, variable) ?? readRequired(text, name);
}

function readSecret(text: Text, environment: Environment, name: SecretSetting, variable: string): string | undefined {
  const file = text(name);
  if (file === "") return environment[variable]?.trim() || undefined;
  try {
    const secret = readFileSync(file, "utf8").trim();
    if (secret !== "") return secret;
  } catch (error) {
    throw new ConfigurationError(`--${provisionerSettings[name].flag}: '${file}' cannot be read.`, { cause: error });
  }
  throw new ConfigurationError(`--${provisionerSettings[name].flag}: '${file}' is empty.`);
}
