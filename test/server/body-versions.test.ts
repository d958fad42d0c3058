import { expect, test } from "vitest";
import { engines, newDomain, startService } from "../support/service.ts";

test.each(engines)(
  "a body in a version of OData that does not exist is refused on %s, and nothing is made",
  async (engine) => {
    await using service = await startService(engine);
    const post = (version: string) =>
      service.post("/customerCreationOperations", { domain: newDomain() }, { headers: { "odata-version": version } });

    const refused = await Promise.all(["4.", "4.1", "4.00", "3.0", "5.0", "four"].map(post));
    const before = await service.changes();
    const accepted = await Promise.all(["4.0", "4.01"].map(post));

    expect(refused.map(({ status, json }) => [status, json.error.innerError.code])).toEqual(
      refused.map(() => [400, "invalidRequest"]),
    );
    expect(before).toEqual([]);
    expect(accepted.map(({ status }) => status)).toEqual([201, 201]);
  },
);
