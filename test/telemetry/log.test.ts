import { describe, expect, test } from "vitest";
import { engines, newDomain, partner, startService } from "../support/service.ts";

describe.each(engines)("the log on %s", (engine) => {
  test("has a line for each request with its id, partner, offer, status and duration, and nothing that was sent", async () => {
    await using service = await startService(engine);
    const domain = newDomain();
    const opened = await service.post("/customerCreationOperations", { domain });
    const byKey = await service.get(`/customers(externalId='ana@contoso.example')?$filter=contains(id,'secret')`);
    const nowhere = await service.get("/passwords/hunter2", { token: null });

    const lines = service.logged.map((line) => JSON.parse(line));
    const fields = lines
      .filter(({ msg }) => msg === "request")
      .map(({ level, time, pid, hostname, msg, ...own }) => own);

    const milliseconds = expect.any(Number);
    expect(fields).toEqual([
      {
        ...{ requestId: opened.headers["request-id"], partnerId: partner, milliseconds },
        ...{ method: "POST", path: "/customerCreationOperations", status: 201 },
      },
      {
        ...{ requestId: byKey.headers["request-id"], partnerId: partner, milliseconds },
        ...{ method: "GET", path: "/customers/{id}", status: byKey.status },
      },
      { requestId: nowhere.headers["request-id"], method: "GET", status: 404, milliseconds },
    ]);
    expect(byKey.status).toBeGreaterThanOrEqual(400);
    for (const told of [domain, "ana@contoso", "hunter2", "secret", "Bearer", "eyJ"]) {
      expect(service.logged.join("")).not.toContain(told);
    }
  });
});
