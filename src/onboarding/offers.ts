import type { BoundOperation } from "../model/bound-operation.ts";
import { customer } from "../model/customer.ts";
import { customerCreationOperation } from "../model/customer-creation-operation.ts";
import type { EntityType } from "../model/define.ts";
import { actionOffers } from "./action-offers.ts";
import { askingOffers } from "./asking-offers.ts";
import { attachCustomer, checkCustomerAlone, checkNewCustomer, createCustomer } from "./attach.ts";
import { auditOffers } from "./audit-offers.ts";
import {
  countAttached,
  deleteCustomer,
  detachCustomer,
  listAttached,
  readAttached,
  updateCustomer,
} from "./customers.ts";
import { followChanges } from "./delta.ts";
import { countSet, listEntities, readOne } from "./entities.ts";
import type { Offer, OptionName } from "./offer.ts";
import { openWithCustomer } from "./open.ts";
import { checkNewOperation, checkOperation, deleteOperation, updateOperation } from "./operation.ts";
import { sufficientPermissions } from "./permissions.ts";
import { propertyOffers } from "./properties.ts";
import { referenceOffers } from "./references.ts";
import { subscriptionOffers, subscriptionOperations } from "./subscription-offers.ts";

const readOperations = { permission: "CustomerCreationOperation.Read.All", accepts: { body: "none" } } as const;
const writeOperations = { permission: "CustomerCreationOperation.ReadWrite.All" } as const;
const readCustomers = { permission: "Customer.Read.All", accepts: { body: "none" } } as const;
const writeCustomers = { permission: "Customer.ReadWrite.All" } as const;

const anOperation = { result: "entity", type: customerCreationOperation } as const;
const aCustomer = { result: "entity", type: customer } as const;
const customers = { result: "collection", type: customer } as const;
const done = { result: "done", type: customer } as const;

/** The API on one screen. What does not follow from this table is refused. */
const table: readonly Offer[] = [
  {
    method: "GET",
    path: "/customerCreationOperations",
    summary: "List the operations of the partner.",
    ...readOperations,
    answers: { result: "collection", type: customerCreationOperation },
    run: (task) => listEntities(task, customerCreationOperation),
  },
  {
    method: "POST",
    path: "/customerCreationOperations",
    summary: "Open an operation and reserve its domain; with its customer, if the body has one.",
    ...writeOperations,
    accepts: { body: "create", type: customerCreationOperation },
    answers: { result: "created", type: customerCreationOperation },
    check: checkNewOperation,
    related: { navigation: "customer", check: checkNewCustomer, givenByReference: ["domain"] },
    run: openWithCustomer,
  },
  {
    method: "GET",
    path: "/customerCreationOperations/$count",
    summary: "Count the operations of the partner.",
    ...readOperations,
    answers: { result: "count", type: customerCreationOperation },
    run: (task) => countSet(task, customerCreationOperation),
  },
  {
    method: "GET",
    path: "/customerCreationOperations/delta()",
    summary: "Follow the operations of the partner: all of them first, then what has changed since.",
    ...readOperations,
    answers: { result: "changes", type: customerCreationOperation },
    operation: deltaOf(customerCreationOperation),
    run: (task) => followChanges(task, customerCreationOperation),
  },
  {
    method: "GET",
    path: "/customerCreationOperations/{id}",
    summary: "Read an operation: how far it is, and why it failed.",
    ...readOperations,
    answers: anOperation,
    run: (task) => readOne(task, customerCreationOperation),
  },
  {
    method: "PATCH",
    path: "/customerCreationOperations/{id}",
    summary: "Reserve another domain, or cancel the operation.",
    ...writeOperations,
    accepts: { body: "update", type: customerCreationOperation },
    answers: anOperation,
    check: checkOperation,
    run: updateOperation,
  },
  {
    method: "DELETE",
    path: "/customerCreationOperations/{id}",
    summary: "Delete an operation; one that is not finished is canceled first.",
    ...writeOperations,
    accepts: { body: "none" },
    answers: { result: "done", type: customerCreationOperation },
    run: deleteOperation,
  },
  {
    method: "GET",
    path: "/customerCreationOperations/{id}/customer",
    summary: "List the customer of an operation: none or one.",
    ...readCustomers,
    answers: customers,
    run: listAttached,
  },
  {
    method: "POST",
    path: "/customerCreationOperations/{id}/customer",
    summary: "Add the customer of an operation, start to provision it, and show it.",
    ...writeOperations,
    accepts: { body: "create", type: customer },
    answers: { result: "created", type: customer },
    check: checkNewCustomer,
    refusesItself: true,
    run: (task) => attachCustomer(task, "representation"),
  },
  {
    method: "GET",
    path: "/customerCreationOperations/{id}/customer/$count",
    summary: "Count the customer of an operation.",
    ...readCustomers,
    answers: { result: "count", type: customer },
    run: countAttached,
  },
  {
    method: "POST",
    path: "/customerCreationOperations/{id}/customer/$ref",
    summary: "Add the customer of an operation and start to provision it.",
    ...writeOperations,
    accepts: { body: "createOrReference", type: customer },
    answers: { result: "created", type: customer },
    check: checkNewCustomer,
    refusesItself: true,
    run: (task) => attachCustomer(task),
  },
  {
    method: "DELETE",
    path: "/customerCreationOperations/{id}/customer/$ref",
    summary: "Take the customer, or the one that $id names, off an operation that came to nothing.",
    ...writeOperations,
    accepts: { body: "none" },
    needs: ["id"],
    answers: done,
    run: detachCustomer,
  },
  {
    method: "GET",
    path: "/customerCreationOperations/{id}/customer/{customerId}",
    summary: "Read the customer of an operation.",
    ...readCustomers,
    answers: aCustomer,
    run: readAttached,
  },
  {
    method: "DELETE",
    path: "/customerCreationOperations/{id}/customer/{customerId}/$ref",
    summary: "Take a customer off an operation that came to nothing.",
    ...writeOperations,
    accepts: { body: "none" },
    answers: done,
    run: detachCustomer,
  },
  {
    method: "GET",
    path: "/customers",
    summary: "List the customers of the partner.",
    ...readCustomers,
    answers: customers,
    run: (task) => listEntities(task, customer),
  },
  {
    method: "POST",
    path: "/customers",
    summary: "Add a customer together with the operation that provisions it.",
    ...writeCustomers,
    accepts: { body: "create", type: customer },
    answers: { result: "created", type: customer },
    check: checkCustomerAlone,
    run: createCustomer,
  },
  {
    method: "GET",
    path: "/customers/$count",
    summary: "Count the customers of the partner.",
    ...readCustomers,
    answers: { result: "count", type: customer },
    run: (task) => countSet(task, customer),
  },
  {
    method: "GET",
    path: "/customers/delta()",
    summary: "Follow the customers of the partner: all of them first, then what has changed since.",
    ...readCustomers,
    answers: { result: "changes", type: customer },
    operation: deltaOf(customer),
    run: (task) => followChanges(task, customer),
  },
  {
    method: "GET",
    path: "/customers/{id}",
    summary: "Read a customer.",
    ...readCustomers,
    answers: aCustomer,
    run: (task) => readOne(task, customer),
  },
  {
    method: "PATCH",
    path: "/customers/{id}",
    summary: "Change a customer.",
    ...writeCustomers,
    accepts: { body: "update", type: customer },
    answers: aCustomer,
    insert: { check: checkCustomerAlone, run: createCustomer },
    run: updateCustomer,
  },
  {
    method: "DELETE",
    path: "/customers/{id}",
    summary: "Delete a customer.",
    ...writeCustomers,
    accepts: { body: "none" },
    answers: done,
    run: deleteCustomer,
  },
  ...actionOffers,
  ...askingOffers,
  ...auditOffers,
  ...subscriptionOffers,
  ...subscriptionOperations,
];

// What a function or an action gives has no properties of its own that a path could go on to.
const resources = table.filter(({ operation }) => operation === undefined);

/** Everything that the API can be asked to do. */
export const offers: readonly Offer[] = [...referenceOffers(resources), ...table, ...propertyOffers(resources)];

/** The function by which clients follow a set (Microsoft Graph, delta query). */
function deltaOf(type: EntityType): BoundOperation {
  return { kind: "function", name: "delta", parameters: {}, returns: { shape: "entities", type } };
}

/** The query options that an offer can honour, by what it answers; `$schemaversion` may go with any request. */
export function optionsOf({ answers, needs = [] }: Offer): readonly OptionName[] {
  if (answers.part !== undefined)
    return answers.part === "value" ? ["select", "format", "schemaversion"] : ["format", "schemaversion"];
  return [...optionsOfResult[answers.result], ...needs, "schemaversion"];
}

const optionsOfResult: Readonly<Record<Offer["answers"]["result"], readonly OptionName[]>> = {
  collection: [
    "filter",
    "search",
    "orderby",
    "top",
    "skip",
    "count",
    "compute",
    "select",
    "expand",
    "format",
    "skiptoken",
  ],
  changes: ["filter", "top", "compute", "select", "format", "skiptoken", "deltatoken"],
  count: ["filter", "search", "compute"],
  entity: ["compute", "select", "expand", "format"],
  created: ["compute", "select", "expand", "format"],
  reference: ["format"],
  references: ["filter", "search", "orderby", "top", "skip", "count", "format", "skiptoken"],
  value: ["format"],
  done: [],
};

/** Of what can be read with query options those of collections are told to take them in a body too. */
function withOptionsInBody(offer: Offer): readonly Offer[] {
  if (offer.answers.result !== "collection" || offer.operation !== undefined) return [];
  const { path, answers } = offer;
  const summary = `${offer.summary.slice(0, -1)}, with the query options in the body.`;
  return [{ ...offer, method: "POST", path: `${path}/$query`, summary, accepts: { body: "text", type: answers.type } }];
}

/** The offers as OpenAPI describes them: each with every permission that suffices and every option that it takes. */
export function describeOffers() {
  // The texts of properties are left out: their paths and that of an entity at its operation are alike to OpenAPI.
  const described = offers.filter(({ answers }) => answers.part !== "text");
  return [...described, ...described.flatMap(withOptionsInBody)].map((offer) => ({
    ...offer,
    permissions: sufficientPermissions(offer.permission),
    options: optionsOf(offer),
  }));
}
