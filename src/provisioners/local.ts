import { randomBytes } from "node:crypto";
import {
  type Credentials,
  type Provisioner,
  type ProvisioningOrder,
  type ProvisioningPlan,
  type ProvisioningResult,
  type ProvisioningStage,
  provisioningStages,
} from "../onboarding/provisioner.ts";
import type { Database } from "../store/database.ts";
import { andEach, fromEach, join, raw, type Statement, sql } from "../store/sql.ts";

/** What the local directory stands on. */
interface Directory {
  readonly database: Database;
  readonly clock: () => string;
  /** A new random UUID, for tenants and for calls. */
  readonly newId: () => string;
}

/**
 * Makes tenants in a directory of our own, kept beside the customers. The directory has one row for each stage of an
 * order, however often it is asked for; the ledger has a line for each call and says whether it made something.
 */
export function localProvisioner(directory: Directory): Provisioner {
  return {
    async provision(stage, order) {
      const made = await make(directory, stage, order);
      return stage === "issuingCredentials" ? { ...made, credentials: newCredentials() } : made;
    },
    plan: (order) => planStages(directory, order),
    async undo(order) {
      await directory.database.write(order.partnerId, undoStatements(directory, order));
    },
  };
}

async function make(
  directory: Directory,
  stage: ProvisioningStage,
  order: ProvisioningOrder,
): Promise<ProvisioningResult> {
  const { partnerId, operationId } = order;
  const { database, clock, newId } = directory;
  const result = makeResult(directory, stage);
  const callId = newId();
  const ofStage = sql`"partnerId" = ${partnerId} and "operationId" = ${operationId} and "stage" = ${stage}`;
  const insert = sql`insert into "localDirectory" ("partnerId", "operationId", "stage", "result", "callId")
    select ${partnerId}, ${operationId}, ${stage}, ${JSON.stringify(result)}, ${callId}${fromEach} where true
    on conflict ("partnerId", "operationId", "stage") do nothing returning "callId"`;
  const note = sql`insert into "localLedger" ("partnerId", "operationId", "stage", "outcome", "callDateTime")
    select ${partnerId}, ${operationId}, ${stage},
      case (select "callId" from "localDirectory" where ${ofStage}) when ${callId} then 'made' else 'found' end,
      ${clock()}${fromEach}`;
  const [made] = await database.write(partnerId, [{ ...insert, rowKey: { column: "callId", value: callId } }, note]);
  if (made?.[0] !== undefined) return result;
  const [row] = await database.read(partnerId, sql`select "result" from "localDirectory" where ${ofStage}`);
  return resultOf(String(row?.["result"]));
}

/** The rows that `make` writes for each stage, in two statements. Nobody has asked for any of them, so that all are made. */
function planStages(directory: Directory, { partnerId, operationId }: ProvisioningOrder): ProvisioningPlan {
  const made = provisioningStages.map((stage) => ({ stage, result: makeResult(directory, stage) }));
  const results = join(
    made.map(({ stage, result }) => sql`when ${raw(`'${stage}'`)} then ${JSON.stringify(result)}`),
    " ",
  );
  return {
    result: { ...Object.assign({}, ...made.map(({ result }) => result)), credentials: newCredentials() },
    statements: (written) => [
      sql`insert into "localDirectory" ("partnerId", "operationId", "stage", "result", "callId")
        select ${partnerId}, ${operationId}, "s".column1, case "s".column1 ${results} end, ${directory.newId()}
        from ${eachStage}${andEach} where ${written}`,
      sql`insert into "localLedger" ("partnerId", "operationId", "stage", "outcome", "callDateTime")
        select ${partnerId}, ${operationId}, "s".column1, 'made', ${directory.clock()}
        from ${eachStage}${andEach} where ${written}`,
    ],
  };
}

// Both engines call the column of a list of values so.
const eachStage = raw(`(values ${provisioningStages.map((stage) => `('${stage}')`).join(", ")}) as "s"`);

function makeResult(directory: Directory, stage: ProvisioningStage): ProvisioningResult {
  if (stage === "provisioningTenant") return { tenantId: directory.newId() };
  if (stage === "linkingPartner") return { relationshipToPartner: "reseller", allowDelegatedAccess: true };
  return {};
}

// The directory never holds a password. This is the last stage: when it comes again, nobody has seen the first one.
function newCredentials(): Credentials {
  return { userName: "admin", password: `${randomBytes(18).toString("base64url")}.1aA` };
}

function undoStatements(directory: Directory, order: ProvisioningOrder): readonly Statement[] {
  const { partnerId, operationId } = order;
  const ofOrder = sql`"partnerId" = ${partnerId} and "operationId" = ${operationId}`;
  return [
    sql`insert into "localLedger" ("partnerId", "operationId", "stage", "outcome", "callDateTime")
      select "partnerId", "operationId", "stage", 'undone', ${directory.clock()}
      from "localDirectory" where ${ofOrder}`,
    sql`delete from "localDirectory" where ${ofOrder}`,
  ];
}

// What is read back is what makeResult wrote.
function resultOf(text: string): ProvisioningResult {
  return JSON.parse(text);
}
