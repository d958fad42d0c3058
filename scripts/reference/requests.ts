import type { Offer } from "../../src/onboarding/offer.ts";
import { offers, optionsOf } from "../../src/onboarding/offers.ts";
import { sufficientPermissions } from "../../src/onboarding/permissions.ts";
import { code, generatedFrom, printTable } from "./table.ts";

/** Prints the page of everything that the API can be asked to do. */
export function printRequests(): string {
  const sets = [...new Set(offers.map(setOf))];
  const lines = [
    "# Requests and permissions",
    "",
    generatedFrom("the table of offers in src/onboarding/offers.ts"),
    "",
    "Everything that the API can be asked to do. Paths stand under `/v1.0` and `/beta`. One of the permissions suffices, in",
    "`roles` or `scp` of the token; the least privileged is the first. Whatever is a `GET` can be asked with `HEAD` too. With",
    "the bodies and the answers of each request: [the API, to try](api.md).",
    "",
    "`POST /$batch` carries up to 20 of these requests, each with the permission that it needs by itself. A collection can also",
    "be read with `POST …/$query`, the query options in the body.",
    ...sets.flatMap((set) => printSet(set)),
  ];
  return `${lines.join("\n")}\n`;
}

function setOf({ path }: Offer): string {
  return path.split("/")[1] ?? "";
}

function printSet(set: string): readonly string[] {
  const rows = offers.filter((offer) => setOf(offer) === set).map(printRow);
  return ["", `## ${set}`, "", ...printTable(["Request", "What it does", "Permissions", "Query options"], rows)];
}

function printRow(offer: Offer): readonly string[] {
  const { method, path, summary, permission } = offer;
  // What a next link or a delta link holds nobody writes by hand, and each request takes a version of the schema.
  const options = optionsOf(offer).filter((name) => !["skiptoken", "deltatoken", "schemaversion"].includes(name));
  return [
    code(`${method} ${path}`),
    summary,
    sufficientPermissions(permission).map(code).join(", "),
    options.map((name) => code(`$${name}`)).join(", "),
  ];
}
