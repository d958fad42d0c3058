import { describe } from "vitest";
import { type Case, testRefusals } from "./refusal.ts";
import { minimal, type World } from "./world.ts";

/** What is put into a good body, each fault that it has then, and what the message says. */
export type BodyRow = readonly [
  sentence: string,
  body: object,
  faults: readonly (readonly [code: string, target: string])[],
  message?: RegExp,
];

/** Makes tests of each row for both requests that create a customer: all its faults are refused at once. */
export function testBodyRefusals(worldOf: () => World, rows: readonly BodyRow[]): void {
  describe.each([
    ["/customerCreationOperations/{open}/customer/$ref", minimal],
    ["/customers", { ...minimal, companyProfile: { domain: "{free}" } }],
  ])("a body that is sent to %s", (path, good) => {
    testRefusals(
      worldOf,
      rows.map(([sentence, body, details, message]): Case => {
        const [code, target] = details[0] ?? ["", ""];
        return [
          `${sentence} is answered 400 with all that is wrong`,
          { method: "POST", path, body: { ...good, ...withDomain(path, body) } },
          {
            status: 400,
            code,
            details,
            ...(message === undefined ? {} : { message }),
            ...(details.length === 1 ? { target } : {}),
          },
        ];
      }),
    );
  });
}

// Where there is no operation, the domain must be in the body: without one, its absence would be one fault more.
function withDomain(path: string, body: object): object {
  const profile = "companyProfile" in body ? body.companyProfile : undefined;
  if (path !== "/customers" || typeof profile !== "object" || profile === null || Array.isArray(profile)) return body;
  return { ...body, companyProfile: { domain: "{free}", ...profile } };
}
