import { randomUUID } from "node:crypto";
import {
  type Provisioner,
  ProvisioningFailure,
  type ProvisioningResult,
  type ProvisioningStage,
} from "../../src/onboarding/provisioner.ts";
import { type Answer, type Engine, eventually, type Json, newDomain, type Service, startService } from "./service.ts";

const operationsPath = "/customerCreationOperations";

/** What a test tells the provisioner of its world, and what that one notes. */
interface Script {
  /** The stage that fails for good. */
  failAt?: ProvisioningStage;
  /** Asked when a stage begins; the answer is noted. */
  onCall?: () => Promise<unknown>;
}

/** Starts the service with its work loop and a watched provisioner. */
export async function startWatchedWorld(engine: Engine) {
  const { calls, noted, script, provisioner, stopAt, goEverywhere } = watchedProvisioner();
  const service = await startService(engine, { work: true, provisioner });
  const read = async ({ id }: Json): Promise<Json> => (await service.get(`${operationsPath}/${id}`)).json;
  const changesOf = (id: string) => readChanges(service, id);
  const tryOpen = async (domain: string): Promise<readonly [number, string | undefined]> => {
    const { status, json } = await service.post(operationsPath, { domain });
    return [status, json.error?.innerError.code];
  };
  return {
    service,
    script,
    /** The stages in the order in which they were asked for; a stopped one is noted again when it ends, and `undo`. */
    calls,
    noted,
    read,
    changesOf,
    tryOpen,
    stopAt,
    open: async (): Promise<Json> => (await service.post(operationsPath, { domain: newDomain() })).json,
    patch: ({ id }: Json, changes: object): Promise<Answer> => service.patch(`${operationsPath}/${id}`, changes),
    remove: ({ id }: Json): Promise<Answer> => service.delete(`${operationsPath}/${id}`),
    /** Attaches a customer and gives its id. */
    async attach({ id }: Json): Promise<string> {
      const { headers } = await service.post(`${operationsPath}/${id}/customer/$ref`, attachedBody);
      return String(headers["Location"]?.split("/").at(-1));
    },
    refer: ({ id }: Json, customerId: string): Promise<Answer> =>
      service.post(`${operationsPath}/${id}/customer/$ref`, {
        "@odata.id": `http://127.0.0.1:8080/v1.0/customers/${customerId}`,
      }),
    until: (operation: Json, status: string): Promise<Json> =>
      eventually(async () => {
        const now = await read(operation);
        return now.status === status ? now : undefined;
      }),
    untilFree: (domain: string) => eventually(async () => ((await tryOpen(domain))[0] === 201 ? true : undefined)),
    /** Lets every reservation run out. */
    expire() {
      service.advance(25 * 3600);
      service.context.nudge();
    },
    /** The history of an operation and the changes that the log has of it. */
    async steps(operation: Json) {
      const { history } = await read(operation);
      return {
        history: history.map(({ status, stage }: Json) => `${status} ${stage}`),
        changes: await changesOf(operation.id),
      };
    },
    async [Symbol.asyncDispose]() {
      goEverywhere();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** The customer that a world attaches. */
export const attachedBody = { companyProfile: {}, billingProfile: { companyName: "Contoso" } };

async function readChanges(service: Service, id: string): Promise<readonly string[]> {
  const rows = await service.rows(`select "changeType" from "changes" where "entityId" = '${id}' order by "position"`);
  return rows.map(({ changeType }) => changeType);
}

/** A provisioner that a test watches, stops and makes fail. */
export function watchedProvisioner() {
  const calls: string[] = [];
  const noted: unknown[] = [];
  const script: Script = {};
  const stops = new Map<ProvisioningStage, { readonly reach: () => void; readonly passed: Promise<void> }>();
  const goes: (() => void)[] = [];
  const provisioner: Provisioner = {
    async provision(stage) {
      calls.push(stage);
      if (script.onCall !== undefined) noted.push(await script.onCall());
      if (script.failAt === stage) throw new ProvisioningFailure(`${stage} is out of order`, { passing: false });
      const stop = stops.get(stage);
      stop?.reach();
      await stop?.passed;
      if (stop !== undefined) calls.push(`${stage} ended`);
      return resultOf(stage);
    },
    async undo() {
      calls.push("undo");
    },
  };
  /** Makes a stage wait, from when it is reached until it may go on. */
  const stopAt = (stage: ProvisioningStage) => {
    const reached = Promise.withResolvers<void>();
    const passed = Promise.withResolvers<void>();
    stops.set(stage, { reach: reached.resolve, passed: passed.promise });
    goes.push(passed.resolve);
    return { reached: reached.promise, go: passed.resolve };
  };
  const goEverywhere = () => {
    for (const go of goes) go();
  };
  return { calls, noted, script, provisioner, stopAt, goEverywhere };
}

function resultOf(stage: ProvisioningStage): ProvisioningResult {
  if (stage === "provisioningTenant") return { tenantId: randomUUID() };
  if (stage === "linkingPartner") return { relationshipToPartner: "reseller", allowDelegatedAccess: true };
  return {};
}
