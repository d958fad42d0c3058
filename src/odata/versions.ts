import { schemaVersion } from "../model/model.ts";
import { Problem } from "../model/problem.ts";

/**
 * Refuses what a request asks of the protocol and cannot have: an answer in a version before 4.0, a body in a version
 * that is not known, a snapshot of the data (OData Protocol 8.2.6 to 8.2.7).
 */
export function assertProtocol(headers: Readonly<Record<string, string | undefined>>): void {
  const most = headers["odata-maxversion"];
  if (most !== undefined && !/^(?:4\.\d+|[5-9]\.\d+|\d{2,}\.\d+)$/.test(most.trim())) {
    throw new Problem(
      "invalidRequest",
      `The OData-MaxVersion '${most}' cannot be answered; this service answers 4.0 and 4.01.`,
    );
  }
  const sent = headers["odata-version"];
  if (sent !== undefined && !/^4\.01?$/.test(sent.trim())) {
    throw new Problem("invalidRequest", `The OData-Version '${sent}' is not known; send a body in 4.0 or 4.01.`);
  }
  const isolation = headers["odata-isolation"] ?? headers["isolation"];
  if (isolation !== undefined) {
    throw new Problem(
      "isolationNotSupported",
      `The isolation '${isolation}' is not supported; the request was not carried out.`,
    );
  }
}

/**
 * Refuses a request that was made against another version of the schema; `*` stands for the present one (OData Protocol
 * 11.2.12). The option may go with any request.
 */
export function assertSchemaVersion(asked: string): void {
  if (asked === "*" || asked === schemaVersion) return;
  const message = `The schema has the version '${schemaVersion}'; '${asked}' cannot be answered. Leave $schemaversion out for the present one.`;
  throw new Problem("invalidQueryOption", message, { target: "$schemaversion" });
}
