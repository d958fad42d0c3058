import type { RequestInformation } from "@microsoft/kiota-abstractions";
import { HeadersInspectionOptions } from "@microsoft/kiota-http-fetchlibrary";
import { type BaseGraphRequestAdapter, BatchRequestContent, PageIterator } from "@microsoft/msgraph-sdk-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, newDomain } from "../support/service.ts";
import { startBusyProxy } from "./busy-proxy.ts";
import { newName } from "./graph-client.ts";
import { DELETE, GET, openAdapter, PATCH, POST, requestOf, withBody } from "./kiota-client.ts";
import {
  type Customer,
  createCustomer,
  createCustomerPage,
  createOperation,
  createReferencePage,
  errorMappings,
  type ODataError,
  type Page,
  writeCustomer,
  writeOperation,
  writeReference,
} from "./kiota-models.ts";
import { places, type RunningServer, startRunningServer } from "./running-server.ts";

const listTemplate = "/customers{?%24filter,%24orderby,%24select,%24top,%24count}";

describe.each(places)("the core of Graph's generated clients over $scheme, on $engine,", (place) => {
  let server: RunningServer;
  let adapter: BaseGraphRequestAdapter;
  beforeAll(async () => {
    server = await startRunningServer(place);
    adapter = openAdapter(server.origin, server.token);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("creates, reads, changes, lists, counts and deletes", async () => {
    const externalId = newName();

    const created = await create(adapter, { externalId, billingProfile: { companyName: "Contoso" } });
    const read = await readCustomer(created.id, "{?%24select}", { "%24select": ["id", "billingProfile"] });
    const changed = await change(created.id, "Fabrikam");
    const listed = await list({
      "%24filter": `externalId eq '${externalId}'`,
      "%24orderby": ["id desc"],
      "%24top": 5,
      "%24count": true,
    });
    const count = requestOf(GET, "/customers/$count{?%24filter}", { "%24filter": `externalId eq '${externalId}'` });
    count.headers.add("Accept", "text/plain");
    const counted = await adapter.sendPrimitive(count, "number", errorMappings);
    await adapter.sendNoResponseContent(requestOf(DELETE, "/customers/{id}", { id: created.id ?? "" }), errorMappings);
    const gone = await refusal(readCustomer(created.id));

    expect(created).toMatchObject({ externalId, billingProfile: { companyName: "Contoso" } });
    expect(read).toMatchObject({ id: created.id, billingProfile: { companyName: "Contoso" } });
    expect(read?.companyProfile).toBeUndefined();
    expect(changed).toMatchObject({ id: created.id, billingProfile: { companyName: "Fabrikam" } });
    expect(listed).toMatchObject({ count: 1, value: [{ id: created.id }] });
    expect(counted).toBe(1);
    expect(gone).toMatchObject({ responseStatusCode: 404, error: { code: "notFound" } });
  });

  test("adds a customer by $ref, lists the reference, and adopts it on another operation by its URL", async () => {
    const [operation, other] = [await open(), await open()];

    await attach(operation.id, { companyProfile: {}, billingProfile: {} });
    const asked = requestOf(GET, "/customerCreationOperations/{id}/customer/$ref", { id: operation.id ?? "" });
    const references = await adapter.send(asked, createReferencePage, errorMappings);
    const succeeded = await eventually(async () => {
      const now = await readOperation(operation.id);
      return now?.status === "succeeded" ? now : undefined;
    });
    const path = "/customerCreationOperations/{id}/customer/$ref";
    const odataId = references?.value[0]?.odataId;
    const adopting = withBody(adapter, requestOf(POST, path, { id: other.id ?? "" }), { odataId }, writeReference);
    await adapter.sendNoResponseContent(adopting, errorMappings);
    const adopted = await readOperation(other.id);

    expect(operation.createdDateTime?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(references?.value).toEqual([{ odataId: expect.stringContaining(`${server.origin}/v1.0/customers`) }]);
    expect(succeeded.customer).toMatchObject([{ lifecycleState: "active" }]);
    expect(adopted).toMatchObject({ status: "succeeded", customer: [{ id: succeeded.customer?.[0]?.id }] });
  });

  test("goes through six pages with PageIterator, and each customer comes once", async () => {
    const { prefix, names } = await createMany(11);

    const first = await list({
      "%24filter": `startswith(externalId,'${prefix}')`,
      "%24orderby": ["externalId desc"],
      "%24top": 2,
    });
    const { values, state } = await iterate(first);

    expect(state).toBe("Complete");
    expect(first?.value).toHaveLength(2);
    expect(values.map(({ externalId }) => externalId)).toEqual(names.toReversed());
  });

  test("follows delta with PageIterator, round after round", async () => {
    const { ids } = await createMany(5);
    const begin = requestOf(GET, "/customers/delta(){?%24top,%24select}", { "%24top": 2, "%24select": "externalId" });

    await server.settle();
    const start = await iterate(await adapter.send(begin, createCustomerPage, errorMappings));
    await change(ids[1], "Changed");
    await adapter.sendNoResponseContent(requestOf(DELETE, "/customers/{id}", { id: ids[0] ?? "" }), errorMappings);
    const round = await follow(start.deltaLink);
    const last = await follow(round.deltaLink);

    expect(start.state).toBe("Delta");
    expect(start.values.map(({ id }) => id)).toEqual(expect.arrayContaining([...ids]));
    expect(round.values).toMatchObject([{ id: ids[1] }, { id: ids[0], removed: {} }]);
    expect(round.values[0]?.removed).toBeUndefined();
    expect(last.values).toEqual([]);
  });

  test("sends what depends on an earlier request in one batch and is told the status of each", async () => {
    const domain = newDomain();
    const batch = new BatchRequestContent(adapter, errorMappings);
    const opening = requestOf(POST, "/customerCreationOperations");
    const attaching = requestOf(POST, "/$1/customer/$ref");
    const minimal = { companyProfile: {}, billingProfile: {} };
    const steps = [
      batch.addBatchRequest(withBody(adapter, opening, { domain }, writeOperation), "1"),
      batch.addBatchRequest(withBody(adapter, attaching, minimal, writeCustomer), "2"),
      batch.addBatchRequest(requestOf(GET, "/$2"), "3"),
      batch.addBatchRequest(requestOf(GET, "/customers/nothing"), "4"),
      batch.addBatchRequest(requestOf(GET, "/customers"), "5"),
    ];
    for (const [index, step] of steps.entries()) if (index > 0) step.dependsOn = [String(index)];

    const answer = await batch.postAsync();
    const statuses = await answer?.getResponsesStatusCodes();
    const made = await list({ "%24filter": `companyProfile/domain eq '${domain}'` });

    expect(Object.fromEntries(statuses ?? [])).toEqual({ 1: 201, 2: 204, 3: 200, 4: 404, 5: 424 });
    expect(made?.value).toMatchObject([{ companyProfile: { domain } }]);
  });

  test("finds in its error the status, the code, the details, the request's id and the time", async () => {
    const before = Date.now();
    const request = requestOf(POST, "/customers");
    request.headers.add("client-request-id", "5d1c6c1c-6a7d-4a44-8c5a-000000000001");

    const refused = adapter.send(
      withBody(adapter, request, { companyProfile: { domain: "a b" } }, writeCustomer),
      createCustomer,
      errorMappings,
    );
    const error = await refusal(refused);

    expect(error).toMatchObject({
      responseStatusCode: 400,
      error: {
        code: "badRequest",
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        clientRequestId: "5d1c6c1c-6a7d-4a44-8c5a-000000000001",
        date: expect.any(Date),
      },
    });
    expect(error.error?.details?.map(({ target }) => target).sort()).toEqual([
      "billingProfile",
      "companyProfile/domain",
    ]);
    expect(error.error?.date?.getTime()).toBeGreaterThan(before - 5000);
    expect(error.responseHeaders?.["request-id"]).toEqual([error.error?.requestId]);
  });

  test("is told of a change that came in between by 412, and is answered by preference", async () => {
    const { ids } = await createMany(1);
    const old = await readCustomer(ids[0]);

    const second = await change(ids[0], "Second", { "If-Match": old?.etag ?? "", Prefer: "return=minimal" });
    const error = await refusal(change(ids[0], "Third", { "If-Match": old?.etag ?? "" }));

    const read = await readCustomer(ids[0]);
    expect(second).toBeUndefined();
    expect(error).toMatchObject({ responseStatusCode: 412, error: { code: "preconditionFailed" } });
    expect(read?.billingProfile?.companyName).toBe("Second");
  });

  test("shows the headers of an answer to whom inspects them", async () => {
    const operation = await open();
    const inspection = new HeadersInspectionOptions({ inspectResponseHeaders: true });
    const request = requestOf(POST, "/customerCreationOperations/{id}/customer/$ref", { id: operation.id ?? "" });
    request.addRequestOptions([inspection]);

    const minimal = { companyProfile: {}, billingProfile: {} };
    await adapter.sendNoResponseContent(withBody(adapter, request, minimal, writeCustomer), errorMappings);

    const [location = ""] = inspection.getResponseHeaders().get("location") ?? [];
    const id = location.split("/").at(-1);
    expect(location).toBe(`${server.origin}/v1.0/customers/${id}`);
    expect(await readCustomer(id)).toMatchObject({ id });
  });

  test("comes again by itself after 429, and everything is done once", async () => {
    await using proxy = await startBusyProxy(server.origin);
    const externalId = newName();

    const created = await create(openAdapter(proxy.origin, server.token), { externalId });
    const listed = await list({ "%24filter": `externalId eq '${externalId}'` });

    expect(proxy.seen).toEqual(["POST /v1.0/customers 0 429", "POST /v1.0/customers 1 201"]);
    expect(listed?.value.map(({ id }) => id)).toEqual([created.id]);
  });

  async function create(by: BaseGraphRequestAdapter, more: Partial<Customer>): Promise<Customer> {
    const body: Customer = { companyProfile: { domain: newDomain() }, billingProfile: {}, ...more };
    const request = withBody(by, requestOf(POST, "/customers"), body, writeCustomer);
    return (await by.send(request, createCustomer, errorMappings)) ?? {};
  }

  async function open() {
    const request = requestOf(POST, "/customerCreationOperations");
    const opening = withBody(adapter, request, { domain: newDomain() }, writeOperation);
    return (await adapter.send(opening, createOperation, errorMappings)) ?? {};
  }

  async function attach(id = "", body: Customer): Promise<void> {
    const request = requestOf(POST, "/customerCreationOperations/{id}/customer/$ref", { id });
    await adapter.sendNoResponseContent(withBody(adapter, request, body, writeCustomer), errorMappings);
  }

  function readOperation(id = "") {
    const request = requestOf(GET, "/customerCreationOperations/{id}{?%24expand}", { id, "%24expand": ["customer"] });
    return adapter.send(request, createOperation, errorMappings);
  }

  function readCustomer(id = "", options = "", parameters: Record<string, string[]> = {}) {
    return adapter.send(
      requestOf(GET, `/customers/{id}${options}`, { id, ...parameters }),
      createCustomer,
      errorMappings,
    );
  }

  function change(id = "", companyName: string, headers: Readonly<Record<string, string>> = {}) {
    const request = requestOf(PATCH, "/customers/{id}", { id });
    for (const [name, value] of Object.entries(headers)) request.headers.add(name, value);
    const body: Customer = { billingProfile: { companyName } };
    return adapter.send(withBody(adapter, request, body, writeCustomer), createCustomer, errorMappings);
  }

  function list(parameters: Readonly<Record<string, string | number | boolean | string[]>>) {
    return adapter.send(requestOf(GET, listTemplate, parameters), createCustomerPage, errorMappings);
  }

  /** Makes customers, and waits until nothing more happens to them by itself. */
  async function createMany(count: number) {
    const prefix = newName();
    const names = Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(2, "0")}`);
    const ids: string[] = [];
    for (const externalId of names) ids.push((await create(adapter, { externalId })).id ?? "");
    const filter = `startswith(externalId,'${prefix}') and lifecycleState eq 'active'`;
    await eventually(async () => {
      const active = await list({ "%24filter": filter, "%24count": true, "%24top": 1 });
      return active?.count === count ? true : undefined;
    });
    return { prefix, names, ids };
  }

  async function follow(link: string) {
    await server.settle();
    const request: RequestInformation = requestOf(GET, "");
    request.urlTemplate = link;
    return iterate(await adapter.send(request, createCustomerPage, errorMappings));
  }

  async function iterate(page: Page<Customer> | undefined) {
    const values: Customer[] = [];
    const seen = (customer: Customer) => values.push(customer) > 0;
    const iterator = new PageIterator(adapter, page ?? { value: [] }, seen, createCustomerPage, errorMappings);
    await iterator.iterate();
    return { values, state: iterator.getPagingState(), deltaLink: iterator.getOdataDeltaLink() ?? "" };
  }
});

async function refusal(answer: Promise<unknown>): Promise<ODataError> {
  return answer.then(
    () => {
      throw new Error("It was not refused.");
    },
    (error) => error,
  );
}
