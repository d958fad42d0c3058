import { randomBytes, randomUUID } from "node:crypto";
import { type Made, startReceiver } from "../../examples/provisioner/receiver.ts";
import { type Provisioner, ProvisioningFailure, type ProvisioningStage } from "../../src/onboarding/provisioner.ts";
import { httpProvisioner } from "../../src/provisioners/http.ts";
import { localProvisioner } from "../../src/provisioners/local.ts";
import { partnerCenterProvisioner } from "../../src/provisioners/partner-center.ts";
import { tokensOf } from "../../src/provisioners/partner-center-token.ts";
import { type OutsideAnswer, type OutsideRequest, outsideOf, passOn, startOutside } from "./outside.ts";
import { answerAsPartnerCenter, newPartnerCenter } from "./partner-center.ts";
import type { Service } from "./service.ts";

/** What goes wrong at a stage, each time that it is asked for as long as it is left. */
type Fault = "timeout" | "lost" | "transient" | "permanent";

/** A provisioner, what it really made, and how to make it fail. */
export interface ProvisionerWorld extends AsyncDisposable {
  readonly provisioner: Provisioner;
  /** The faults that are still to come, in their order. */
  readonly faults: { stage: ProvisioningStage; fault: Fault; times: number }[];
  /** How often something was made for an operation, by what it is. Nothing must be there twice. */
  made(operation: { readonly id: string; readonly domain: string }): Promise<Readonly<Record<string, number>>>;
  /** How much is there still for an operation. */
  left(operation: { readonly id: string; readonly domain: string }): Promise<number>;
}

const secondsMax = 0.4;

/** Every provisioner, on a service. */
export const provisionerWorlds = { local: localWorld, http: httpWorld, "partner-center": partnerCenterWorld };

function takeFault(faults: ProvisionerWorld["faults"], stage: ProvisioningStage | undefined): Fault | undefined {
  const found = faults.find((each) => each.stage === stage && each.times > 0);
  if (found === undefined) return undefined;
  found.times--;
  return found.fault;
}

async function localWorld({ database, context, rows }: Service): Promise<ProvisionerWorld> {
  const faults: ProvisionerWorld["faults"] = [];
  const local = localProvisioner({ database, clock: context.clock, newId: randomUUID });
  return {
    faults,
    provisioner: failing(local, faults, provisioningAll),
    async made({ id }) {
      const found = await rows(
        `select "stage", count(*) as "count" from "localLedger"
          where "operationId" = '${id}' and "outcome" = 'made' group by "stage"`,
      );
      return Object.fromEntries(found.map(({ stage, count }) => [stage, Number(count)]));
    },
    left: async ({ id }) => (await rows(`select 1 from "localDirectory" where "operationId" = '${id}'`)).length,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const provisioningAll = ["provisioningTenant", "linkingPartner", "creatingBillingAccount", "issuingCredentials"];

/** Lets the stages named fail where there is no line that could be cut. */
function failing(inner: Provisioner, faults: ProvisionerWorld["faults"], stages: readonly string[]): Provisioner {
  return {
    async provision(stage, order) {
      const fault = stages.includes(stage) ? takeFault(faults, stage) : undefined;
      if (fault === "transient") throw new ProvisioningFailure("It is busy.", { passing: true });
      if (fault === "permanent") throw new ProvisioningFailure("It is not to be had.", { passing: false });
      const made = await inner.provision(stage, order);
      if (fault !== undefined) throw new Error("There was no answer.");
      return made;
    },
    undo: (order) => inner.undo(order),
  };
}

/** Lets a server outside fail before or after it has done what it is asked for. */
async function answerWith(fault: Fault | undefined, answer: () => Promise<OutsideAnswer>): Promise<OutsideAnswer> {
  if (fault === "transient") return { status: 503, headers: { "retry-after": "1" } };
  if (fault === "permanent")
    return { status: 403, body: { error: { code: "notWanted", message: "It is not wanted." } } };
  const answered = await answer();
  if (fault === "timeout") return "hang";
  return fault === "lost" ? "drop" : answered;
}

async function httpWorld({ database, context }: Service): Promise<ProvisionerWorld> {
  const faults: ProvisionerWorld["faults"] = [];
  const secret = randomBytes(24);
  const made: Made = { results: new Map(), counts: new Map() };
  const receiver = outsideOf(await startReceiver(0, secret, made));
  const outside = await startOutside((request) => {
    const stage = provisioningAll.find((each) => request.method === "POST" && request.url.endsWith(each));
    return answerWith(takeFault(faults, isStage(stage) ? stage : undefined), () => passOn(receiver.port, request));
  });
  const own = (entries: Iterable<readonly [string, unknown]>, id: string) =>
    [...entries].filter(([name]) => name.startsWith(`${id}/`));
  // The receiver goes by its own clock, as a service outside does.
  const clock = () => new Date().toISOString();
  const url = new URL(`${outside.origin}/tenants`);
  return {
    faults,
    provisioner: httpProvisioner({ url, secret, database, clock, newId: context.newId, secondsMax }),
    made: async ({ id }) => Object.fromEntries(own(made.counts, id).map(([name, count]) => [name, Number(count)])),
    left: async ({ id }) => own(made.results, id).length,
    async [Symbol.asyncDispose]() {
      await outside[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

async function partnerCenterWorld({ database, context }: Service): Promise<ProvisionerWorld> {
  const faults: ProvisionerWorld["faults"] = [];
  const { clock, newId } = context;
  const world = newPartnerCenter(clock);
  const outside = await startOutside((request) =>
    answerWith(takeFault(faults, stageOf(request)), async () => answerAsPartnerCenter(world, request)),
  );
  const url = new URL(`${outside.origin}/v1`);
  const tokenUrl = new URL(`${outside.origin}/token`);
  const source = { clientId: "app", clientSecret: "app-secret", refreshToken: undefined, scope: "all" };
  const tokens = tokensOf({ ...source, tokenUrl, clock, secondsMax });
  const patience = { secondsMax, readableSecondsMax: 600, pollSeconds: 30 };
  const center = { ...patience, url, tokens, database, clock, newId, sandbox: true };
  const ofDomain = (domain: string) => [...world.customers.values()].filter((each) => each.domain === domain);
  return {
    faults,
    // The last stage makes no call.
    provisioner: failing(partnerCenterProvisioner(center), faults, ["issuingCredentials"]),
    made: async ({ domain }) => ({ customers: ofDomain(domain).length }),
    left: async ({ domain }) => ofDomain(domain).length,
    [Symbol.asyncDispose]: () => outside[Symbol.asyncDispose](),
  };
}

function stageOf({ method, url }: OutsideRequest): ProvisioningStage | undefined {
  if (method === "POST" && url === "/v1/customers") return "provisioningTenant";
  if (method !== "GET" || !url.startsWith("/v1/customers/")) return undefined;
  return url.endsWith("/profiles/billing") ? "creatingBillingAccount" : "linkingPartner";
}

function isStage(name: string | undefined): name is ProvisioningStage {
  return name !== undefined && provisioningAll.includes(name);
}
