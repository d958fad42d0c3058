import { expect, test } from "vitest";
import { createStorage, startListening, startProcess } from "../support/process.ts";
import { startReceiver } from "../support/receiver.ts";
import { eventually, newDomain } from "../support/service.ts";

test("tenantry listen prints each change, forwards it, and ends its subscription with itself", async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);
  await using program = await startReceiver();
  const [origin = ""] = server.origins;
  await using listening = await startListening([
    ...["--data-dir", storage.directory, "--url", origin, "--forward", program.url],
    ...["--change-type", "created", "--client-state", "s3cret"],
  ]);

  const body = { companyProfile: { domain: newDomain() }, billingProfile: {} };
  const created = await server.send("POST", "/v1.0/customers", body);
  await eventually(async () => (program.taken.length > 0 ? true : undefined));
  const line = await eventually(async () => /^.* -> 202$/m.exec(listening.out())?.[0]);
  const during = await server.send("GET", "/v1.0/subscriptions");
  const { code } = await listening.end("SIGTERM");
  const after = await server.send("GET", "/v1.0/subscriptions");

  expect(program.taken).toEqual([
    expect.objectContaining({ resource: `customers/${created.json.id}`, clientState: "s3cret" }),
  ]);
  expect(line).toContain(`created customers/${created.json.id}`);
  expect(during.json.value).toHaveLength(1);
  expect(after.json.value).toEqual([]);
  expect(code).toBe(0);
});

test("tenantry listen says why the server does not subscribe, and ends", async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);

  const { code, err } = await startListening([
    ...["--data-dir", storage.directory, "--url", server.origins[0] ?? "", "--resource", "users"],
  ]).then(
    () => ({ code: 0, err: "" }),
    (error: Error) => ({ code: 1, err: error.message }),
  );

  expect(code).toBe(1);
  expect(err).toContain("'resource' must be one of customers");
});
