/** One setting: a flag, an environment variable, a default, and what it means. */
export interface Setting {
  readonly flag: string;
  readonly value?: string;
  readonly byDefault: string;
  readonly meaning: string;
}

/** A setting that cannot be as it is. The message says which, and what would be right. */
export class ConfigurationError extends Error {
  constructor(message: string, more: { readonly cause?: unknown } = {}) {
    super(message, more);
    this.name = "ConfigurationError";
  }
}

/** The environment variable of a setting. */
export function variableOf(setting: Setting): string {
  return `TENANTRY_${setting.flag.replaceAll("-", "_").toUpperCase()}`;
}

/** Reads the number of a port. */
export function readPort(flag: string, value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new ConfigurationError(`--${flag} must be a number from 0 to 65535, and a whole one; it is '${value}'.`);
}

/** Reads a number within bounds. */
export function readNumber(flag: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (value !== "" && Number.isFinite(number) && number >= min && number <= max) return number;
  throw new ConfigurationError(`--${flag} must be a number from ${min} to ${max}; it is '${value}'.`);
}

/** Reads one of several words. */
export function readChoice<const Choice extends string>(
  flag: string,
  value: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((each) => each === value);
  if (found !== undefined) return found;
  throw new ConfigurationError(`--${flag} must be one of ${choices.join(", ")}; it is '${value}'.`);
}

/** Reads a URL; undefined when it is not set. The value is not repeated in the message: it may hold a password. */
export function readUrl(flag: string, value: string, protocols: readonly string[]): string | undefined {
  if (value === "") return undefined;
  if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
  throw new ConfigurationError(`--${flag} must be a URL that begins with ${protocols.join("// or ")}//.`);
}
