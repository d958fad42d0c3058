import { uuidPattern } from "../model/kinds.ts";
import { permissions as known } from "../onboarding/permissions.ts";
import { readDevelopmentKey, signToken } from "./development-key.ts";
import { ConfigurationError } from "./setting.ts";

/** The partner of tokens that name none. */
export const defaultPartner = "5b1c2d3e-4f50-4a61-8b72-9c83ad94be05";

/** Prints a token of development mode, signed with the key of the data directory. */
export async function printToken(wanted: {
  readonly partner: string;
  readonly permissions: string;
  readonly expires: string;
  readonly dataDirectory: string;
}): Promise<void> {
  const permissions = wanted.permissions.split(/[\s,]+/).filter((each) => each !== "");
  const unknown = permissions.find((each) => !known.includes(each));
  if (unknown !== undefined) {
    throw new ConfigurationError(`'${unknown}' is not a permission. The permissions are ${known.join(", ")}.`);
  }
  if (!uuidPattern.test(wanted.partner)) {
    throw new ConfigurationError(`--partner must be a GUID such as ${defaultPartner}; it is '${wanted.partner}'.`);
  }
  if (!/^\d+ ?(?:s|m|h|d|w|y)$/.test(wanted.expires)) {
    throw new ConfigurationError(`--expires must be a span such as 1h, 30m or 7d; it is '${wanted.expires}'.`);
  }
  const key = await readDevelopmentKey(wanted.dataDirectory);
  const token = await signToken(key, { partnerId: wanted.partner, permissions, expires: wanted.expires });
  process.stdout.write(`${token}\n`);
}
