import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCustomer } from "../support/delta.ts";
import { messageOf, type Receiver, startReceiver, subscribe, subscriptionBody } from "../support/receiver.ts";
import { engines, otherPartner, type Service, signToken, startService } from "../support/service.ts";

describe.each(engines)("subscriptions on %s", (engine) => {
  let service: Service;
  let receiver: Receiver;
  beforeAll(async () => {
    [service, receiver] = await Promise.all([startService(engine), startReceiver()]);
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  test("are created after a handshake, with what Graph shows of them", async () => {
    const before = receiver.handshakes.length;

    const created = await service.post(
      "/subscriptions",
      subscriptionBody(`${receiver.url}?a=1`, { clientState: "s3cret" }),
    );

    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({
      "@odata.context": "http://127.0.0.1:8080/v1.0/$metadata#subscriptions/$entity",
      resource: "customers",
      changeType: "created,updated,deleted",
      clientState: null,
      latestSupportedTlsVersion: "v1_2",
      includeResourceData: false,
      applicationId: "test",
      creatorId: "test",
      notificationContentType: "application/json",
    });
    const [handshake] = receiver.handshakes.slice(before);
    expect(handshake?.method).toBe("POST");
    expect(handshake?.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(handshake?.body).toBe("");
    expect(handshake?.url).toMatch(/^\/notify\?a=1&validationToken=Validation%3A%20/);
  });

  test("shake hands twice when the lifecycle URL is the same", async () => {
    const before = receiver.handshakes.length;

    await subscribe(service, receiver, { lifecycleNotificationUrl: receiver.url });

    expect(receiver.handshakes.length - before).toBe(2);
  });

  test("are read, listed, counted and deleted by their partner alone", async () => {
    const { id } = await subscribe(service, receiver);
    const other = { token: await signToken({ tid: otherPartner }) };

    const read = await service.get(`/subscriptions/${id}`);
    const listed = await service.get(`/subscriptions?$filter=id eq '${id}'&$count=true`);
    const hidden = await service.get(`/subscriptions/${id}`, other);
    const untouched = await service.delete(`/subscriptions/${id}`, other);
    const deleted = await service.delete(`/subscriptions/${id}`);
    const gone = await service.get(`/subscriptions/${id}`);

    expect(read.json.id).toBe(id);
    expect(listed.json["@odata.count"]).toBe(1);
    expect([hidden.status, untouched.status, deleted.status, gone.status]).toEqual([404, 404, 204, 404]);
    expect(await service.rows(`select 1 from "notificationLanes" where "subscriptionId" = '${id}'`)).toEqual([]);
  });

  test("are renewed, and sent elsewhere after a handshake there", async () => {
    const { id } = await subscribe(service, receiver);
    const expirationDateTime = new Date(Date.now() + 5 * 86_400_000).toISOString();
    await using elsewhere = await startReceiver();

    const renewed = await service.patch(`/subscriptions/${id}`, { expirationDateTime });
    const moved = await service.patch(`/subscriptions/${id}`, { notificationUrl: elsewhere.url });
    const refused = await service.patch(`/subscriptions/${id}`, { notificationUrl: "http://127.0.0.1:1/nobody" });
    const late = await service.patch(`/subscriptions/${id}`, { lifecycleNotificationUrl: receiver.url });
    const now = await service.get(`/subscriptions/${id}`);

    expect([renewed.status, moved.status, refused.status, late.status]).toEqual([200, 200, 400, 400]);
    expect(elsewhere.handshakes).toHaveLength(1);
    expect(now.json).toMatchObject({ expirationDateTime, notificationUrl: elsewhere.url });
    expect(late.json.error.innerError.code).toBe("propertyNotUpdateable");
  });

  test("live at least 45 minutes and at most 41,760", async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const far = new Date(Date.now() + 41_761 * 60_000).toISOString();
    const past = new Date(Date.now() - 1000).toISOString();

    const raised = await subscribe(service, receiver, { expirationDateTime: soon });
    const beyond = await service.post("/subscriptions", subscriptionBody(receiver.url, { expirationDateTime: far }));
    const over = await service.post("/subscriptions", subscriptionBody(receiver.url, { expirationDateTime: past }));
    const wrong = await service.post("/subscriptions", subscriptionBody(receiver.url, { expirationDateTime: "soon" }));

    expect(Date.parse(raised.expirationDateTime) - Date.now()).toBeGreaterThan(44 * 60_000);
    expect([beyond.status, over.status, wrong.status]).toEqual([400, 400, 400]);
    expect(messageOf(beyond)).toContain("at most 41760 minutes");
  });

  test("take an instant with seven digits and an offset, as Graph prints them", async () => {
    const year = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

    const { expirationDateTime } = await subscribe(service, receiver, {
      expirationDateTime: `${year}T18:23:45.9356913+02:00`,
    });

    expect(expirationDateTime).toBe(`${year}T16:23:45.935Z`);
  });

  test("tell all faults of a body at once", async () => {
    const body = {
      changeType: "created,renamed",
      notificationUrl: "ftp://receiver.example/",
      resource: "https://graph.microsoft.com/v1.0/users",
      expirationDateTime: "2020-01-01T00:00:00Z",
      includeResourceData: true,
      latestSupportedTlsVersion: "v1_1",
      clientState: `${"very secret ".repeat(11)}`,
      notificationQueryOptions: "$filter=color eq 'red'",
    };

    const refused = await service.post("/subscriptions", body);

    const targets = refused.json.error.details.map((each: { target: string }) => each.target).toSorted();
    expect(targets).toEqual([
      "changeType",
      "clientState",
      "encryptionCertificate",
      "encryptionCertificateId",
      "expirationDateTime",
      "latestSupportedTlsVersion",
      "notificationUrl",
      "resource",
    ]);
    expect(refused.text).not.toContain("very secret");
  });

  test.each([
    ["$filter=color eq 'red'", "color"],
    ["$select=id", "$select"],
    ["", "1 to 2000"],
    ["lifecycleState", "$filter"],
  ])("take a filter of the resource and nothing else: %s", async (notificationQueryOptions, told) => {
    const refused = await service.post("/subscriptions", subscriptionBody(receiver.url, { notificationQueryOptions }));

    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(messageOf(refused)).toContain(told);
  });

  test.each([
    ["customers", 201],
    ["/customers", 201],
    ["customerCreationOperations", 201],
    ["Customers", 400],
    ["subscriptions", 400],
    ["customers/delta", 400],
    ["customers/0198f2a4-7c1e-7000-8000-000000000000", 400],
    ["http://127.0.0.1:8080/v1.0/customers", 400],
    ["customers?$filter=id eq '1'", 400],
    ["customers/$count", 400],
  ])("watch '%s': %i", async (resource, status) => {
    const answer = await service.post("/subscriptions", subscriptionBody(receiver.url, { resource }));

    expect(answer.status).toBe(status);
  });

  test("watch one entity that is there", async () => {
    const id = await createCustomer(service);

    const plain = await subscribe(service, receiver, { resource: `customers/${id}` });
    const quoted = await subscribe(service, receiver, { resource: `/customers('${id}')` });

    expect([plain.resource, quoted.resource]).toEqual([`customers/${id}`, `customers('${id}')`]);
  });

  test("need the permission to read what they watch, for every change of them too", async () => {
    const reader = { token: await signToken({ roles: ["CustomerCreationOperation.Read.All"] }) };
    const { id } = await subscribe(service, receiver);
    const body = subscriptionBody(receiver.url);
    const path = `/subscriptions/${id}`;

    const answers = await Promise.all([
      service.post("/subscriptions", body, reader),
      service.patch(path, { notificationUrl: `${receiver.url}/x` }, reader),
      service.delete(path, reader),
      service.post(`${path}/redeliver`, { fromDateTime: "2020-01-01T00:00:00Z" }, reader),
      service.post(`${path}/sendTestNotification`, undefined, reader),
      service.post(`${path}/reauthorize`, undefined, reader),
    ]);
    const allowed = await service.post("/subscriptions", { ...body, resource: "customerCreationOperations" }, reader);
    const nobody = await service.post("/subscriptions", body, { token: await signToken({ roles: [] }) });

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
    expect([allowed.status, nobody.status]).toEqual([201, 403]);
    expect((await service.get(path)).json.notificationUrl).toBe(receiver.url);
  });

  test("have a limit for each partner", async () => {
    await using limited = await startService(engine, { limits: { subscriptionsMax: 2 } });
    await subscribe(limited, receiver);
    const { id } = await subscribe(limited, receiver);

    const third = await limited.post("/subscriptions", subscriptionBody(receiver.url));
    await limited.delete(`/subscriptions/${id}`);
    const again = await limited.post("/subscriptions", subscriptionBody(receiver.url));

    expect([third.status, again.status]).toEqual([403, 201]);
    expect(messageOf(third)).toContain("its limit of 2 subscriptions");
  });

  test("are not made in an atomic group, for nobody may wait for a receiver there", async () => {
    const count = async () => (await service.get("/subscriptions/$count")).text;
    const before = await count();
    const headers = { "content-type": "application/json" };
    const request = { id: "1", method: "POST", url: "/subscriptions", headers, body: subscriptionBody(receiver.url) };

    const batch = await service.post("/$batch", { requests: [{ ...request, atomicityGroup: "g" }] });
    const alone = await service.post("/$batch", { requests: [request] });

    expect(batch.json.responses.map(({ status }: { status: number }) => status)).toEqual([501]);
    expect(alone.json.responses.map(({ status }: { status: number }) => status)).toEqual([201]);
    expect(Number(await count())).toBe(Number(before) + 1);
  });
});
