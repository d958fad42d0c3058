import fc from "fast-check";
import { expect } from "vitest";
import {
  attach,
  cancel,
  deleteCustomer,
  free,
  type Life,
  type Outcome,
  openLife,
  retry,
  takenBy,
  type UndoOutcome,
} from "./life-model.ts";
import { compare, doWork, type LifeWorld, send } from "./life-service.ts";
import type { Answer } from "./service.ts";

const set = "/customerCreationOperations";
const body = { companyProfile: {}, billingProfile: { companyName: "Contoso" } };

/** A step that anyone may take: the model says before what has to come of it. */
type Step = (world: LifeWorld) => Promise<void>;

/** A command of fast-check. The world is model and service in one, since each step asks both. */
class Command implements fc.AsyncCommand<LifeWorld, LifeWorld> {
  readonly #name: string;
  readonly #step: Step;

  constructor(name: string, step: Step) {
    this.#name = name;
    this.#step = step;
  }

  check(): boolean {
    return true;
  }

  async run(_model: LifeWorld, world: LifeWorld): Promise<void> {
    await this.#step(world);
    await compare(world);
  }

  toString(): string {
    return this.#name;
  }
}

const which = fc.nat({ max: 3 });
const domainIndex = fc.nat({ max: 2 });
const outcome = fc.constantFrom<Outcome>(
  ...(["made", "made", "made", "passing", "passing", "permanent", "crashBefore", "crashAfter", "pending"] as const),
);
const undoOutcome = fc.constantFrom<UndoOutcome>("undone", "undone", "fails", "crash");
// Mostly pauses and leases end; now and then a reservation does, and seldom what was deleted is old enough.
const seconds = fc.oneof(
  { weight: 16, arbitrary: fc.constantFrom(1, 3, 5, 9, 16) },
  { weight: 3, arbitrary: fc.constantFrom(600, 3 * 3600) },
  { weight: 1, arbitrary: fc.constantFrom(25 * 3600, 31 * 86_400) },
);

const pollSeconds: ReadonlyMap<string, string> = new Map([
  ["notStarted", "30"],
  ["running", "1"],
]);

const requests = [
  domainIndex.map((index) => new Command(`open ${index}`, (world) => open(world, index))),
  fc.tuple(which, domainIndex).map(([at, index]) => new Command(`move ${at} to ${index}`, onOne(at, move(index)))),
  which.map((at) => new Command(`attach ${at}`, onOne(at, attachOne))),
  which.map(
    (at) =>
      new Command(`attach ${at}, work`, async (world) => {
        await onOne(at, attachOne)(world);
        await doWork(world, ["made", "passing"], "undone");
      }),
  ),
  fc
    .tuple(which, fc.constantFrom("status", "action"))
    .map(([at, by]) => new Command(`cancel ${at} by ${by}`, onOne(at, cancelOne(by)))),
  fc
    .tuple(which, fc.boolean())
    .map(([at, corrects]) => new Command(`retry ${at} ${corrects}`, onOne(at, retryOne(corrects)))),
  which.map((at) => new Command(`delete ${at}`, onOne(at, deleteOne))),
  which.map((at) => new Command(`delete the customer of ${at}`, onOne(at, deleteCustomerOf))),
  which.map((at) => new Command(`claim ${at}`, onOne(at, claimOne))),
  which.map((at) => new Command(`read ${at}`, onOne(at, readOne))),
  fc
    .tuple(fc.array(outcome, { maxLength: 5 }), undoOutcome)
    .map(([outcomes, undo]) => new Command(`work [${outcomes}] ${undo}`, (world) => doWork(world, outcomes, undo))),
];

const events = [
  fc.tuple(fc.array(outcome, { maxLength: 5 }), undoOutcome, seconds).map(
    ([outcomes, undo, passed]) =>
      new Command(`advance ${passed}, work [${outcomes}] ${undo}`, async (world) => {
        world.real.advance(passed);
        await doWork(world, outcomes, undo);
      }),
  ),
  seconds.map((passed) => new Command(`advance ${passed}`, async (world) => world.real.advance(passed))),
];

/** All that can happen: requests, work with faults and deaths, and time that passes. */
export const lifeCommands = [...requests, ...events, ...events, ...events];

/** What every sequence begins with: an operation that has a customer, and one that has none. */
export async function beginLives(world: LifeWorld): Promise<void> {
  await open(world, 0);
  await open(world, 1);
  await onOne(0, attachOne)(world);
  await compare(world);
}

/** Lets everything come to its end: no domain may stay held but by a customer that is active. */
export async function settle(world: LifeWorld): Promise<void> {
  for (let round = 0; round < 3; round++) {
    world.real.advance(31 * 86_400);
    await doWork(world, [], "undone");
    await compare(world);
  }
  const active = world.lives.filter(({ customer, customerDeleted, status }) => {
    return status === "succeeded" && customer === "active" && customerDeleted === undefined;
  });
  expect(world.lives.filter(({ work }) => work !== null)).toEqual([]);
  expect([...world.holds.keys()].sort()).toEqual(active.map(({ domain }) => domain).sort());
}

function onOne(at: number, step: (world: LifeWorld, life: Life, now: number) => Promise<void>): Step {
  return async (world) => {
    const life = world.lives[at];
    if (life !== undefined) await step(world, life, world.real.now());
  };
}

async function open(world: LifeWorld, index: number): Promise<void> {
  if (world.lives.length > 3) return;
  const domain = world.domains[index] ?? "";
  const taken = takenBy(domain, undefined, world.real.now(), world.holds);
  const answer = await send(world, "POST", set, { domain });
  expectAnswer(answer, taken === undefined ? 201 : 409, taken);
  if (taken === undefined) world.lives.push(openLife(answer.json.id, domain, world.real.now(), world.holds));
}

function move(index: number) {
  return async (world: LifeWorld, life: Life, now: number) => {
    const domain = world.domains[index] ?? "";
    const refusal = whyNotMoved(world, life, domain, now);
    const answer = await send(world, "PATCH", `${set}/${life.id}`, { domain });
    expectAnswer(answer, refusal?.[0] ?? 200, refusal?.[1]);
    if (refusal !== undefined || domain === life.domain) return;
    free(life, world.holds);
    life.domain = domain;
    world.holds.set(domain, { id: life.id, until: life.expires });
  };
}

function whyNotMoved(world: LifeWorld, life: Life, domain: string, now: number): readonly [number, string] | undefined {
  if (life.deleted) return [404, "itemNotFound"];
  if (domain === life.domain) return undefined;
  if (life.status !== "notStarted") return [409, "operationNotModifiable"];
  if (hasExpired(life, now)) return [410, "reservationExpired"];
  const taken = takenBy(domain, life.id, now, world.holds);
  return taken === undefined ? undefined : [409, taken];
}

async function attachOne(world: LifeWorld, life: Life, now: number): Promise<void> {
  const answer = await send(world, "POST", `${set}/${life.id}/customer/$ref`, body);
  expect(answer.status).toBe(statusOfAttaching(life, now));
  if (life.status !== "notStarted" || answer.status !== 204) return;
  attach(life, String(answer.headers["Location"]).slice(-36), now, world.holds);
}

function statusOfAttaching(life: Life, now: number): number {
  if (life.deleted) return 404;
  if (life.status === "notStarted") return hasExpired(life, now) ? 410 : 204;
  if (life.customerId !== undefined && life.customerDeleted === undefined) return 204;
  if (life.customerId !== undefined && life.status !== "canceled") return 409;
  return life.error === "reservationExpired" ? 410 : 409;
}

function cancelOne(by: "status" | "action") {
  return async (world: LifeWorld, life: Life, now: number) => {
    const path = `${set}/${life.id}`;
    const answer =
      by === "status"
        ? await send(world, "PATCH", path, { status: "canceled" })
        : await send(world, "POST", `${path}/cancel`);
    const done = by === "status" ? 200 : 202;
    expectAnswer(answer, life.deleted ? 404 : life.status === "succeeded" ? 409 : done);
    if (answer.status === done && life.status !== "canceled") cancel(life, now, world.holds);
  };
}

function retryOne(corrects: boolean) {
  return async (world: LifeWorld, life: Life, now: number) => {
    const email = `a${++world.corrections}@contoso.example`;
    const correction = corrects ? { customer: { billingProfile: { email } } } : {};
    const answer = await send(world, "POST", `${set}/${life.id}/retry`, correction);
    expect(answer.status).toBe(statusOfRetrying(life, corrects, now));
    if (answer.status === 202) retry(life, now);
  };
}

function statusOfRetrying(life: Life, corrects: boolean, now: number): number {
  if (life.deleted) return 404;
  if (life.status !== "failed") return 409;
  if (life.work !== "release" || hasExpired(life, now)) return 410;
  return life.retryable === true || corrects ? 202 : 409;
}

async function deleteOne(world: LifeWorld, life: Life, now: number): Promise<void> {
  const answer = await send(world, "DELETE", `${set}/${life.id}`);
  expectAnswer(answer, life.deleted ? 404 : 204);
  if (life.deleted) return;
  if (life.status !== "succeeded" && life.status !== "canceled") cancel(life, now, world.holds);
  life.deleted = true;
}

async function deleteCustomerOf(world: LifeWorld, life: Life, now: number): Promise<void> {
  if (life.customerId === undefined) return;
  const answer = await send(world, "DELETE", `/customers/${life.customerId}`);
  expectAnswer(answer, life.customerDeleted === undefined ? 204 : 404);
  if (life.customerDeleted === undefined) deleteCustomer(life, now);
}

async function claimOne(world: LifeWorld, life: Life): Promise<void> {
  const answer = await send(world, "POST", `${set}/${life.id}/claimCredentials`);
  const byState = { none: 404, sealed: 200, claimed: 410 }[life.credentials];
  expectAnswer(answer, life.deleted ? 404 : life.status === "succeeded" ? byState : 409);
  if (answer.status === 200) life.credentials = "claimed";
}

async function readOne(world: LifeWorld, life: Life): Promise<void> {
  const answer = await send(world, "GET", `${set}/${life.id}`);
  expectAnswer(answer, life.deleted ? 404 : 200);
  if (life.deleted) return;
  expect(answer.json).toMatchObject({ status: life.status, stage: life.stage, isRetryable: life.retryable });
  expect(answer.headers["Retry-After"]).toBe(pollSeconds.get(life.status));
}

function hasExpired({ expires }: Life, now: number): boolean {
  return expires !== null && expires <= now;
}

function expectAnswer({ status, json }: Answer, wanted: number, code?: string): void {
  expect([status, code === undefined ? undefined : json.error?.innerError.code]).toEqual([wanted, code]);
}
