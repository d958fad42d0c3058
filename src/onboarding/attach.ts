import { hash } from "node:crypto";
import { customer } from "../model/customer.ts";
import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import { type EntityOf, isValues, type Values } from "../model/define.ts";
import { type Checked, type Complaint, refuse } from "../model/problem.ts";
import { valueAt } from "../model/property-path.ts";
import { asStored } from "../store/columns.ts";
import type { Row } from "../store/database.ts";
import { keepDomain } from "../store/domains.ts";
import { type Statement, sql } from "../store/sql.ts";
import { insertEntity, isAt, updateEntity, wasWritten } from "../store/write.ts";
import { currentTraceParent } from "../telemetry/trace.ts";
import { adoptCustomer } from "./adopt.ts";
import { assertOpen, findAttached, refusalOf, writeCustomers } from "./attached.ts";
import { canonicalDomain, complainAboutDomain, domainTaken } from "./domain.ts";
import { assertUntagged, getEntity, mergeMetadata } from "./entities.ts";
import type { Context, Result, Task } from "./offer.ts";
import { newOperation, openStatements, retried, valuesOf } from "./operation.ts";
import { examineCustomer } from "./rules/customer-rules.ts";
import { transition } from "./transition.ts";

type Customer = EntityOf<typeof customer>;

/**
 * Adds the customer of an operation: the call of the seed page, `POST …/{id}/customer/$ref`. A body that is a customer
 * creates it; a body that is a reference adopts one that is there (D21). The same body again gives the same answer. A POST
 * to the navigation itself does the same, and by default shows what it made (OData Protocol 11.4.2).
 */
export async function attachCustomer(task: Task, byDefault: "representation" | "minimal" = "minimal"): Promise<Result> {
  const { body } = task;
  const opened = await takeOpened(task);
  const added = opened === undefined ? undefined : await attachNew(task, opened, byDefault);
  if (added !== undefined) return added;
  return retried(task.context, async () => {
    const operation = await getEntity(task, customerCreationOperation);
    assertUntagged(task);
    if (body.kind === "reference") return adoptCustomer(task, operation, body.key);
    if (operation.status !== "notStarted") {
      refuse(complaintsOf(task));
      return attachAgain(task, operation, byDefault);
    }
    return attachNew(task, await prepareAttaching(task, operation), byDefault);
  });
}

/** An operation, and its customer as it is inserted. */
interface Attaching {
  readonly operation: Operation;
  readonly attached: Customer;
}

async function prepareAttaching(task: Task, operation: Operation): Promise<Attaching> {
  const attached = prepareCustomer(task, operation, valuesOf(task));
  assertOpen(task, operation);
  await task.context.quotas(task.caller.partnerId, ["customers"]);
  return { operation, attached };
}

/**
 * Gives an operation that this process has just opened, so that it need not be read: a write names its version, and
 * does nothing when that has changed. A refusal names none, so that what would be refused is read first.
 */
async function takeOpened(task: Task): Promise<Attaching | undefined> {
  const { body, caller, context, keys } = task;
  const operation = context.opened.take({ partnerId: caller.partnerId, id: keys["id"] ?? "" });
  if (operation === undefined || body.kind !== "entity") return undefined;
  try {
    assertUntagged(task);
    return await prepareAttaching(task, operation);
  } catch {
    return undefined;
  }
}

/** Starts the operation with its customer, unless another writer comes first: then nothing was done, and it gives undefined. */
async function attachNew(
  task: Task,
  { operation, attached }: Attaching,
  byDefault: "representation" | "minimal",
): Promise<Result | undefined> {
  const start = startOf(task, operation, attached, valuesOf(task));
  const rows = await writeAttached(task, attachStatements(task, { operation, attached }, start));
  return rows[2]?.[0] === undefined ? undefined : created(attached, operation.id, byDefault);
}

/** Creates a customer with an operation of its own: `POST /customers`, the same path in one transaction (D6). */
export async function createCustomer(task: Task): Promise<Result> {
  assertUntagged(task);
  const values = valuesOf(task);
  const company = isValues(values["companyProfile"]) ? values["companyProfile"] : {};
  const operation = newOperation(task, canonicalDomain(String(company["domain"])), {});
  const { attached } = await writeWithOperation(task, operation, values, { domain: domainPath, customer: "" });
  return created(attached, operation.id, "representation");
}

/** Opens an operation and adds its customer, both or neither, and gives them; the paths are those of the two in the body. */
export async function writeWithOperation(
  task: Task,
  operation: Operation,
  values: Values,
  paths: { readonly domain: string; readonly customer: string },
): Promise<Attaching> {
  const attached = prepareCustomer(task, operation, values, paths.customer);
  const start = startOf(task, operation, attached, values);
  await task.context.quotas(task.caller.partnerId, ["operations", "customers"]);
  const statements = [...openStatements(task, operation), ...attachStatements(task, { operation, attached }, start)];
  const rows = await writeAttached(task, statements, paths.customer);
  if (rows[5]?.[0] !== undefined) return { operation: { ...operation, ...start }, attached };
  throw await domainTaken(task.context, operation.domain, paths.domain);
}

const domainPath = "companyProfile/domain";
const domainNames = domainPath.split("/");

/** Checks what the model cannot of a new customer: its domain, and what the rules of its country say. */
export function checkNewCustomer(context: Context, given: Values): Checked {
  const { values, errors } = examineCustomer(context.validation, given);
  const ofDomain = complainAboutDomain(context, valueAt(given, domainNames), domainPath);
  return { values, complaints: [...ofDomain, ...errors] };
}

/** Checks one whose operation is opened with it: there the domain cannot come from the operation. */
export function checkCustomerAlone(context: Context, given: Values): Checked {
  const company = given["companyProfile"];
  const checked = checkNewCustomer(context, given);
  if (!isValues(company) || company["domain"] !== undefined) return checked;
  const message = `'${domainPath}' is required: the domain of the new tenant.`;
  const missing = { code: "requiredFieldMissing", message, target: domainPath } as const;
  return { ...checked, complaints: [missing, ...checked.complaints] };
}

/** The customer of a new operation, whose body stands at a path. Its domain is the operation's. */
function prepareCustomer(task: Task, operation: Operation, values: Values, path = ""): Customer {
  const { context } = task;
  const company = isValues(values["companyProfile"]) ? values["companyProfile"] : {};
  const billing = isValues(values["billingProfile"]) ? values["billingProfile"] : {};
  const address = isValues(billing["defaultAddress"]) ? billing["defaultAddress"] : {};
  const domain = company["domain"] === undefined ? operation.domain : canonicalDomain(String(company["domain"]));
  const complaints = complaintsOf(task);
  const isRefused = complaints.some((each) => each.target === domainPath);
  refuse([...complaints, ...(isRefused ? [] : complainAboutMismatch(operation, domain, path + domainPath))]);
  const now = context.clock();
  // What was not given stands empty in the columns: the store reads an absent value as null.
  const prepared = customerOf({
    externalId: null,
    associatedPartnerId: null,
    enableGDAPByDefault: false,
    metadata: null,
    ...values,
    ...mergeMetadata(null, values["metadata"]),
    id: context.newId(),
    companyProfile: { ...company, domain, companyName: company["companyName"] ?? billing["companyName"] ?? null },
    billingProfile: {
      ...billing,
      id: context.newId(),
      firstName: billing["firstName"] ?? address["firstName"] ?? null,
      lastName: billing["lastName"] ?? address["lastName"] ?? null,
    },
    tenantId: null,
    relationshipToPartner: "none",
    allowDelegatedAccess: null,
    customDomains: [domain],
    lifecycleState: "provisioning",
    validationStatus: "unknown",
    validationLastUpdatedDateTime: null,
    validationReason: null,
    createdDateTime: now,
    lastModifiedDateTime: now,
    deletedDateTime: null,
    partnerId: task.caller.partnerId,
    version: context.newId(),
  });
  return asStored(customer, prepared);
}

/** What is wrong with the body, where that is yet to be refused. */
function complaintsOf({ body }: Task): readonly Complaint[] {
  return body.kind === "entity" ? (body.complaints ?? []) : [];
}

function complainAboutMismatch(operation: Operation, domain: string, target: string): readonly Complaint[] {
  if (domain === operation.domain) return [];
  const message = `'${target}' must be the domain of the operation, '${operation.domain}', or be left out; it is '${domain}'.`;
  return [{ code: "domainMismatch", message, target }];
}

// The body was checked against the model, and the rest is set above.
function customerOf(values: Values): Customer {
  return values as Customer;
}

/** What an operation becomes when its customer is attached. */
function startOf(task: Task, operation: Operation, attached: Customer, values: Values) {
  const now = attached.createdDateTime;
  return {
    customerId: attached.id,
    provisionedCustomerId: attached.id,
    bodyDigest: digestOf(values),
    expirationDateTime: null,
    work: "provision",
    dueDateTime: now,
    traceParent: currentTraceParent(),
    ...transition(operation, { status: "running", stage: "validating" }, now, task.context.newId()),
  } as const satisfies Partial<Operation>;
}

/** Starts the operation and inserts its customer. The third statement gives a row if the customer was inserted. */
function attachStatements(
  task: Task,
  { operation, attached }: Attaching,
  start: ReturnType<typeof startOf>,
): readonly Statement[] {
  const note = { changeDateTime: attached.createdDateTime, correlationId: task.correlationId };
  const started = wasWritten(customerCreationOperation, operation, start.version);
  return [
    ...updateEntity(customerCreationOperation, operation, start, {
      ...note,
      when: sql`"version" = ${operation.version} and ${isAt("status", "notStarted")}
        and "expirationDateTime" > ${attached.createdDateTime}`,
      returning: "version",
    }),
    ...insertEntity(customer, attached, { ...note, when: started }),
    keepDomain(operation.domain, operation.id, started),
  ];
}

async function writeAttached(
  task: Task,
  statements: readonly Statement[],
  path = "",
): Promise<readonly (readonly Row[])[]> {
  const rows = await writeCustomers(task, statements, path);
  task.context.nudge();
  return rows;
}

/** The operation has begun already: the same body is answered as it was the first time, another one is refused. */
async function attachAgain(task: Task, operation: Operation, byDefault: "representation" | "minimal"): Promise<Result> {
  const attached = await findAttached(task, operation);
  if (attached !== undefined && operation.bodyDigest === digestOf(valuesOf(task))) {
    return created(attached, operation.id, byDefault);
  }
  throw refusalOf(operation);
}

function created(entity: Customer, operationId: string, byDefault: "representation" | "minimal"): Result {
  return { kind: "created", type: customer, entity, operationId, byDefault };
}

/** The digest of a checked body: its properties stand in the order of the model, so that equal bodies have equal ones. */
function digestOf(values: Values): string {
  return hash("sha256", JSON.stringify(values), "base64url");
}
