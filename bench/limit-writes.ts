import { uuidv7 } from "uuidv7";
import type { Answer } from "./limit-answer.ts";
import {
  auditRow,
  customerRow,
  type NewCustomer,
  operationRow,
  printCustomer,
  printOperation,
  startedRow,
} from "./limit-rows.ts";
import type { LimitStore } from "./limit-store.ts";

export async function openOperation(store: LimitStore, root: string, text: string): Promise<Answer> {
  const { domain }: { domain: string } = JSON.parse(text);
  const now = new Date();
  const row = operationRow({ id: uuidv7(), domain, version: uuidv7() }, now);
  const place = `customerCreationOperations/${row.id}`;
  const instant = now.toISOString();
  await store.open(
    row,
    auditRow({ id: uuidv7(), activity: "POST /customerCreationOperations", place }, instant),
    instant,
  );
  return { status: 201, headers: { Location: `${root}/${place}` }, body: printOperation(row, root) };
}

export async function attachCustomer(
  store: LimitStore,
  root: string,
  operationId: string,
  text: string,
): Promise<Answer> {
  const now = new Date().toISOString();
  const row = newCustomer(JSON.parse(text), now);
  const place = `customers/${row.id}`;
  const activity = "POST /customerCreationOperations/{id}/customer/$ref";
  await store.attach({ operationId, version: uuidv7() }, row, auditRow({ id: uuidv7(), activity, place }, now), now);
  return { status: 204, headers: { Location: `${root}/${place}` } };
}

interface Item {
  readonly id: string;
  readonly body: NewCustomer;
}

/** A batch of new customers: each is one write with a commit of its own, and all are under way together. */
export async function addBatch(store: LimitStore, root: string, text: string): Promise<Answer> {
  const { requests }: { requests: readonly Item[] } = JSON.parse(text);
  const responses = await Promise.all(
    requests.map(async ({ id, body }) => ({ id, ...(await createCustomer(store, root, body)) })),
  );
  return { status: 200, headers: {}, body: { responses } };
}

async function createCustomer(store: LimitStore, root: string, body: NewCustomer): Promise<Answer> {
  const now = new Date();
  const instant = now.toISOString();
  const row = newCustomer(body, instant);
  const opened = operationRow({ id: uuidv7(), domain: body.companyProfile.domain, version: uuidv7() }, now);
  const place = `customers/${row.id}`;
  const audit = auditRow({ id: uuidv7(), activity: "POST /customers", place }, instant);
  await store.create(startedRow(opened, row.id, instant), row, audit, instant);
  const headers = {
    "Content-Type": "application/json",
    Location: `${root}/${place}`,
    ETag: `W/"${row.version}"`,
    "Operation-Location": `${root}/customerCreationOperations/${opened.id}`,
  };
  return { status: 201, headers, body: printCustomer(row, root) };
}

function newCustomer(body: NewCustomer, now: string) {
  return customerRow(body, { id: uuidv7(), billingProfileId: uuidv7(), version: uuidv7() }, now);
}
