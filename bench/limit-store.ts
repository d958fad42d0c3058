import { type Engine, openEngine, type Step } from "./limit-engine.ts";
import {
  type auditRow,
  type customerRow,
  type operationRow,
  partnerId,
  type Row,
  type startedRow,
  type Value,
} from "./limit-rows.ts";
import type { Place } from "./place.ts";

type Operation = ReturnType<typeof operationRow> | ReturnType<typeof startedRow>;
type Customer = ReturnType<typeof customerRow>;
type AuditEvent = ReturnType<typeof auditRow>;

/** Where a page begins: behind the customer of this name and id. */
export type Cursor = readonly [companyName: string, id: string];

/** What the lean server keeps its rows in. Every write is on disk when it has ended. */
export interface LimitStore {
  open(operation: Operation, audit: AuditEvent, now: string): Promise<void>;
  attach(
    operation: { readonly operationId: string; readonly version: string },
    customer: Customer,
    audit: AuditEvent,
    now: string,
  ): Promise<void>;
  /** Both at once: the operation is running already. */
  create(operation: Operation, customer: Customer, audit: AuditEvent, now: string): Promise<void>;
  findCustomer(id: string): Promise<Row | undefined>;
  /** Customers whose company's name is behind the cursor and before the bound. */
  listByName(cursor: Cursor, bound: string, limit: number): Promise<readonly Row[]>;
  /** Customers that have changed behind a place in the log, each at the place of its last change. */
  listChanges(place: string, limit: number): Promise<readonly Row[]>;
  close(): Promise<void>;
}

const reserve = `insert into "domains" ("domain", "operationId", "expirationDateTime") values (?, ?, ?)`;

const start = `update "customerCreationOperations" set "status" = 'running', "stage" = 'validating', "percentComplete" = 5,
  "history" = rtrim("history", ']') || ?, "lastActionDateTime" = ?, "version" = ?, "customerId" = ?,
  "provisionedCustomerId" = ?, "expirationDateTime" = null, "work" = 'provision', "dueDateTime" = ?
  where "partnerId" = ? and "id" = ? and "status" = 'notStarted'`;

const keep = `update "domains" set "expirationDateTime" = null where "domain" = ? and "operationId" = ?`;

const find = `select * from "customers" where "partnerId" = ? and "id" = ? and "deletedDateTime" is null`;

const page = `select "id", "version", "externalId", "companyProfile_domain", "companyProfile_companyName", "lifecycleState",
  "createdDateTime" from "customers" where "partnerId" = ? and ("companyProfile_companyName", "id") > (?, ?)
  and "companyProfile_companyName" < ? and "deletedDateTime" is null
  order by "companyProfile_companyName" nulls first, "id" limit cast(? as integer)`;

const changed = `select k.*, c."position" from "changes" as c
  join "customers" as k on k."partnerId" = c."partnerId" and k."id" = c."entityId"
  where c."partnerId" = ? and c."entitySet" = 'customers' and c."position" > ?
    and not exists (select 1 from "changes" as n where n."partnerId" = c."partnerId" and n."entityId" = c."entityId"
      and n."entitySet" = 'customers' and n."position" > c."position")
  order by c."position" limit cast(? as integer)`;

/** Opens the database of a place, with the tables of the product in it. */
export function openStore(place: Place): LimitStore {
  const { read, write, close }: Engine = openEngine(place);
  return {
    open: (operation, audit, now) =>
      write("open", [
        [reserve, [operation.domain, operation.id, operation.expirationDateTime]],
        record(now, ["customerCreationOperations", operation.id, "created"]),
        insert("auditEvents", audit),
        insert("customerCreationOperations", operation),
      ]),
    attach({ operationId, version }, customer, audit, now) {
      const step = `,${JSON.stringify({ status: "running", stage: "validating", transitionDateTime: now })}]`;
      return write("attach", [
        [start, [step, now, version, customer.id, customer.id, now, partnerId, operationId]],
        [keep, [customer.companyProfile_domain, operationId]],
        record(now, ["customerCreationOperations", operationId, "updated"], ["customers", customer.id, "created"]),
        insert("auditEvents", audit),
        insert("customers", customer),
      ]);
    },
    create: (operation, customer, audit, now) =>
      write("create", [
        [reserve, [operation.domain, operation.id, null]],
        record(
          now,
          ["customerCreationOperations", operation.id, "created"],
          ["customerCreationOperations", operation.id, "updated"],
          ["customers", customer.id, "created"],
        ),
        insert("auditEvents", audit),
        insert("customerCreationOperations", operation),
        insert("customers", customer),
      ]),
    findCustomer: async (id) => (await read("find", [find, [partnerId, id]]))[0],
    listByName: (cursor, bound, limit) => read("page", [page, [partnerId, ...cursor, bound, limit]]),
    listChanges: (place, limit) => read("changed", [changed, [partnerId, Number(place), limit]]),
    close,
  };
}

type Change = readonly [entitySet: string, entityId: string, changeType: string];

function record(now: string, ...changes: readonly Change[]): Step {
  const rows = changes.map(() => "(?, ?, ?, ?, ?, ?)").join(", ");
  const text = `insert into "changes"
    ("partnerId", "entitySet", "entityId", "changeType", "changeDateTime", "correlationId") values ${rows}`;
  return [text, changes.flatMap((change) => [partnerId, ...change, now, change[1]])];
}

const inserts = new Map<string, string>();

function insert(table: string, row: Readonly<Record<string, Value>>): Step {
  let text = inserts.get(table);
  if (text === undefined) {
    const names = Object.keys(row);
    const columns = names.map((name) => `"${name}"`).join(", ");
    text = `insert into "${table}" (${columns}) values (${names.map(() => "?").join(", ")})`;
    inserts.set(table, text);
  }
  return [text, Object.values(row)];
}
