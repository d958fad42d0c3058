import type { EntityType } from "../model/define.ts";
import type { AlternateKeys, EntityKey } from "../model/key.ts";
import { Problem, refuse } from "../model/problem.ts";
import { findId } from "../store/select.ts";
import type { Body, Offer, Result, Task } from "./offer.ts";
import { retried } from "./operation.ts";

type Upsert = Extract<Body, { readonly kind: "upsert" }>;

/**
 * Makes of an offer the one whose keys in the path may be alternate ones: it finds what they name before it runs. Where
 * the offer can insert, what the path itself names is created when it is not there.
 */
export function byAlternateKeys(offer: Offer, keys: AlternateKeys | undefined): Offer {
  if (keys === undefined) return offer;
  const key = keys["id"];
  const { accepts, insert } = offer;
  if (insert === undefined || key === undefined || accepts.body !== "update") {
    return { ...offer, run: async (task) => offer.run(await withKeysFound(task)) };
  }
  return {
    ...offer,
    accepts: { body: "upsert", type: accepts.type, key },
    run: (task) => upsert(task, offer, insert),
  };
}

/** Gives the id of the entity that a key names, or refuses. */
export async function resolveKey(task: Task, type: EntityType, key: EntityKey): Promise<string> {
  const id = await findKey(task, type, key);
  if (id !== undefined) return id;
  throw new Problem("itemNotFound", `There is no ${type.name} whose ${key.property} is '${key.value}'.`);
}

/** Gives the id of the entity that a key names; undefined: an alternate key names none. */
export async function findKey(
  { context, caller }: Task,
  type: EntityType,
  key: EntityKey,
): Promise<string | undefined> {
  if (key.property === "id") return key.value;
  return findId(context.database, type, { property: key.property, value: key.value, partnerId: caller.partnerId });
}

async function withKeysFound(task: Task): Promise<Task> {
  const found: Record<string, string> = {};
  for (const [name, { type, ...key }] of Object.entries(task.alternateKeys ?? {})) {
    found[name] = await resolveKey(task, type, key);
  }
  return { ...task, keys: { ...task.keys, ...found } };
}

/** Changes the entity that the path names, or creates it. Of two that would create one entity, the second changes it. */
async function upsert(task: Task, offer: Offer, insert: Pick<Offer, "run">): Promise<Result> {
  const { body, context } = task;
  const key = task.alternateKeys?.["id"];
  if (key === undefined || body.kind !== "upsert") throw new Error("An upsert needs an alternate key and its body.");
  return retried(context, async () => {
    const id = await findKey(task, key.type, key);
    try {
      if (id === undefined) return await insert.run(insertion(task, key, body));
      const update = { kind: "entity", values: body.update } as const;
      return await offer.run({ ...task, keys: { ...task.keys, id }, body: update });
    } catch (error) {
      // Another one has created, or deleted, what the key names: what was refused is not what is asked now.
      if (error instanceof Problem && (await findKey(task, key.type, key)) !== id) return undefined;
      throw error;
    }
  });
}

/** The task of creating what a key names and nobody has. */
function insertion(task: Task, key: EntityKey, { create }: Upsert): Task {
  if (task.preconditions.ifMatch !== undefined) throw mustNotInsert(key);
  refuse(create.complaints);
  return { ...task, body: { kind: "entity", values: create.values }, preconditions: {} };
}

// OData Protocol 11.4.4: with If-Match an upsert must not insert. What is not there has no entity tag that could match.
function mustNotInsert({ property, value }: EntityKey): Problem {
  const message = `There is no entity whose ${property} is '${value}', and the request asks for one that is there. To create it, leave the entity tag out.`;
  return new Problem("entityTagDoesNotMatch", message);
}
