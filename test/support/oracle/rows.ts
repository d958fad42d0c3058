import fc from "fast-check";
import { customer } from "../../../src/model/customer.ts";
import { customerCreationOperation } from "../../../src/model/customer-creation-operation.ts";
import type { EntityOf } from "../../../src/model/define.ts";
import { raw } from "../../../src/store/sql.ts";
import { insertEntity } from "../../../src/store/write.ts";
import { partner, type Service } from "../service.ts";
import { hardInstant, hardText, type Subject } from "./arbitrary-term.ts";

const states = ["provisioning", "active", "suspended", "removing", "removed", "failed", "unknownFutureValue"] as const;
const stages = ["domainReserved", "validating", "provisioningTenant", "linkingPartner"] as const;

const customerPaths: Subject["paths"] = {
  text: [
    ...["externalId", "companyProfile/companyName", "companyProfile/email", "billingProfile/email"],
    ...["billingProfile/defaultAddress/city", "metadata/note", "metadata/missing"],
  ],
  boolean: ["enableGDAPByDefault", "allowDelegatedAccess"],
  instant: ["createdDateTime", "validationLastUpdatedDateTime"],
  choice: ["lifecycleState"],
};
const textItem = { paths: { text: [""] }, members: {}, texts: [] };

/** What may be asked of each entity set. */
export const subjects: Readonly<Record<"customers" | "customerCreationOperations", Subject>> = {
  customers: {
    variable: "",
    paths: customerPaths,
    members: { lifecycleState: states },
    texts: ["customDomains"],
    collections: { customDomains: textItem },
    structures: { "billingProfile/defaultAddress": ["city", "country", "postalCode"] },
  },
  customerCreationOperations: {
    variable: "",
    paths: {
      text: ["domain", "externalId", "error/code", "error/innerError/code"],
      whole: ["percentComplete", "attempts"],
      boolean: ["isRetryable"],
      instant: ["createdDateTime", "expirationDateTime"],
      choice: ["stage"],
    },
    members: { stage: stages },
    texts: [],
    collections: {
      customer: { paths: customerPaths, members: { lifecycleState: states }, texts: [] },
      history: { paths: { instant: ["transitionDateTime"], choice: ["stage"] }, members: { stage: stages }, texts: [] },
    },
    structures: {},
  },
};

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });
const common = { partnerId: fc.constant(partner), version: fc.uuid(), createdDateTime: hardInstant };

const customerRow: fc.Arbitrary<Omit<EntityOf<typeof customer>, "id">> = fc.record({
  ...common,
  tenantId: fc.constant(null),
  externalId: maybe(hardText),
  companyProfile: fc.record({
    id: fc.constant("c"),
    domain: hardText,
    companyName: maybe(hardText),
    organizationRegistrationNumber: fc.constant(null),
    tenantId: fc.constant(null),
    email: fc.constant(null),
    address: fc.constant(null),
  }),
  billingProfile: fc.record({
    id: fc.constant("b"),
    firstName: maybe(hardText),
    lastName: fc.constant(null),
    email: maybe(hardText),
    culture: fc.constant(null),
    language: fc.constant(null),
    companyName: fc.constant(null),
    defaultAddress: maybe(arbitraryAddress()),
  }),
  relationshipToPartner: fc.constant("reseller" as const),
  associatedPartnerId: fc.constant(null),
  allowDelegatedAccess: maybe(fc.boolean()),
  enableGDAPByDefault: fc.boolean(),
  customDomains: fc.array(fc.oneof(hardText, fc.constantFrom("a", "b", "ß")), { maxLength: 4 }),
  lifecycleState: fc.constantFrom(...states),
  validationStatus: fc.constant("unknown" as const),
  validationLastUpdatedDateTime: maybe(hardInstant),
  validationReason: fc.constant(null),
  metadata: maybe(fc.record({ note: hardText })),
  lastModifiedDateTime: hardInstant,
  deletedDateTime: fc.constant(null),
});

function arbitraryAddress() {
  const text = maybe(fc.constantFrom("a", "", "ß"));
  return fc.record({
    country: text,
    addressLine1: fc.constant(null),
    addressLine2: fc.constant(null),
    addressLine3: fc.constant(null),
    city: text,
    state: fc.constant(null),
    region: fc.constant(null),
    district: fc.constant(null),
    postalCode: text,
    firstName: fc.constant(null),
    middleName: fc.constant(null),
    lastName: fc.constant(null),
    phoneNumber: fc.constant(null),
  });
}

const operationRow: fc.Arbitrary<Omit<EntityOf<typeof customerCreationOperation>, "id" | "customerId">> = fc.record({
  ...common,
  domain: hardText,
  status: fc.constant("failed" as const),
  stage: fc.constantFrom(...stages),
  percentComplete: fc.constantFrom(0, 1, 33, 100, 2_147_483_647),
  resourceLocation: fc.constant(null),
  error: maybe(
    fc.record({
      code: hardText,
      message: fc.constant("m"),
      target: fc.constant(null),
      details: fc.constant([]),
      innerError: maybe(fc.record({ code: hardText })),
    }),
  ),
  isRetryable: maybe(fc.boolean()),
  attempts: fc.nat(5),
  history: fc.array(
    fc.record({
      status: fc.constant("failed" as const),
      stage: fc.constantFrom(...stages),
      transitionDateTime: hardInstant,
    }),
    { maxLength: 3 },
  ),
  externalId: maybe(hardText),
  requestedBy: fc.constant("r"),
  correlationId: fc.constant("c"),
  lastActionDateTime: hardInstant,
  expirationDateTime: maybe(hardInstant),
  deletedDateTime: fc.constant(null),
  provisionedCustomerId: fc.constant(null),
  bodyDigest: fc.constant(null),
  work: fc.constant(null),
  dueDateTime: fc.constant(null),
  leaseOwner: fc.constant(null),
  leaseExpirationDateTime: fc.constant(null),
  traceParent: fc.constant(null),
  undoAttempts: fc.constant(0),
});

/** An entity as a term sees it: what shows another property has its value, and a navigation its entities. */
export type OracleRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** Puts random rows of a seed into the database, and gives them as terms see them. Of `taken` no externalId is used. */
export async function insertRows(service: Service, seed: number, count: number, taken: Set<string | null> = new Set()) {
  const { context, database } = service;
  const customers = unique(fc.sample(customerRow, { seed, numRuns: count }), taken).map((row) => ({
    ...row,
    id: context.newId(),
  }));
  const operations = unique(fc.sample(operationRow, { seed, numRuns: count }), new Set()).map((row, index) => {
    const attached = index % 3 === 0 ? undefined : customers[index];
    return { ...row, id: context.newId(), customerId: attached?.id ?? null, attached };
  });
  const note = { changeDateTime: context.clock(), correlationId: "oracle", when: raw("true") };
  await database.write(partner, [
    ...customers.flatMap((row) => insertEntity(customer, row, note)),
    ...operations.flatMap(({ attached: _, ...row }) => insertEntity(customerCreationOperation, row, note)),
  ]);
  const shown = customers.map(shownCustomer);
  return {
    customers: shown,
    customerCreationOperations: operations.map(({ attached, ...row }): OracleRow => {
      return { ...row, customer: attached === undefined ? [] : [shownCustomer(attached)] };
    }),
  };
}

/** An externalId is unique: one that is taken becomes null. */
function unique<T extends { readonly externalId: string | null }>(
  rows: readonly T[],
  taken: Set<string | null>,
): readonly T[] {
  return rows.map((row) => {
    const externalId = taken.has(row.externalId) ? null : row.externalId;
    taken.add(externalId);
    return { ...row, externalId };
  });
}

function shownCustomer(row: EntityOf<typeof customer>): OracleRow {
  return { ...row, companyProfile: { ...row.companyProfile, email: row.billingProfile.email } };
}
