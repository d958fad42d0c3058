import { Problem } from "../model/problem.ts";

/** The system query options of OData 4.01, without their dollar sign (OData URL Conventions 5.1). */
const systemOptions = [
  "apply",
  "compute",
  "count",
  "deltatoken",
  "expand",
  "filter",
  "format",
  "id",
  "index",
  "levels",
  "orderby",
  "schemaversion",
  "search",
  "select",
  "skip",
  "skiptoken",
  "top",
] as const;
export type SystemOption = (typeof systemOptions)[number];

/**
 * Reads the system query options of a request, of which `supported` can be honoured. The others are refused, never
 * ignored; options that are not OData's are the client's own affair.
 */
export function parseOptions(
  query: string,
  supported: readonly SystemOption[],
): Readonly<Partial<Record<SystemOption, string>>> {
  const options: Partial<Record<SystemOption, string>> = {};
  for (const [name, value] of readPairs(query)) {
    const option = systemOptions.find((each) => each === name.replace(/^\$/, "").toLowerCase());
    if (option === undefined) {
      if (!name.startsWith("$") && !name.startsWith("@")) continue;
      throw invalid(
        `'${name}' is not a query option. OData knows ${systemOptions.map((each) => `$${each}`).join(", ")}.`,
        name,
      );
    }
    if (options[option] !== undefined)
      throw invalid(`The query option '$${option}' stands in the URL more than once.`, `$${option}`);
    if (!supported.includes(option)) {
      throw new Problem(
        "notSupported",
        `The query option '$${option}' is not supported here by this version of the service.`,
        {
          target: `$${option}`,
        },
      );
    }
    options[option] = value;
  }
  return options;
}

/** Makes the opaque token of a next link from the id of the last entity on the page. */
export function printSkipToken(after: string): string {
  return Buffer.from(after, "utf8").toString("base64url");
}

/** Reads the token of a next link. One that we did not make is refused. */
export function parseSkipToken(token: string): string {
  const after = Buffer.from(token, "base64url").toString("utf8");
  if (/^[0-9a-f-]{36}$/.test(after)) return after;
  throw invalid("The '$skiptoken' is not one of this service. Follow '@odata.nextLink' as it is.", "$skiptoken");
}

// In a query a plus sign stands for a space; clients that mean a plus sign send %2B.
function readPairs(query: string): readonly (readonly [string, string])[] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decode(name), decode(value.join("="))] as const;
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw invalid(`'${text}' in the query is not well-formed percent-encoding.`, "query");
  }
}

function invalid(message: string, target: string): Problem {
  return new Problem("invalidQueryOption", message, { target });
}
