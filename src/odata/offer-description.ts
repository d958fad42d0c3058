import type { BoundOperation } from "../model/bound-operation.ts";
import type { EntityType } from "../model/define.ts";
import { entityTypes } from "../model/model.ts";

/** What the documents tell of one thing that the API can be asked to do. */
export interface OfferDescription {
  readonly method: string;
  /** The path under the service root, keys in braces. */
  readonly path: string;
  readonly summary: string;
  /** Every permission that suffices, least privileged first. */
  readonly permissions: readonly string[];
  readonly accepts: { readonly body: string; readonly type?: EntityType };
  readonly answers: {
    readonly result: string;
    readonly type: EntityType;
    /** Present when only a property of the entity is shown: its value, or a text. */
    readonly part?: "value" | "text";
  };
  /** The system query options that it takes, without the dollar sign. */
  readonly options: readonly string[];
  /** The function or action that it calls. */
  readonly operation?: BoundOperation;
  /** Present when an update creates what is not there yet. */
  readonly insert?: unknown;
  /** Present when the body may hold, or name, the entity that a navigation leads to. */
  readonly related?: { readonly navigation: string };
}

/** What a path under the service root leads to: an entity, or a collection of entities. */
export interface Resource {
  readonly type: EntityType;
  readonly isCollection: boolean;
}

/** Finds what the function or action at the end of a path is bound to. */
export function bindingOf(path: string): Resource {
  const [set = "", ...steps] = path.split("/").slice(1, -1);
  const type = entityTypes.find((each) => each.set === set);
  if (type === undefined) throw new Error(`The path '${path}' begins with no entity set.`);
  let from = type;
  let isCollection = true;
  for (const step of steps) {
    isCollection = !step.startsWith("{");
    if (!isCollection) continue;
    const to = from.navigation[step]?.to();
    if (to === undefined) throw new Error(`'${step}' in '${path}' is no navigation of ${from.name}.`);
    from = to;
  }
  return { type: from, isCollection };
}

/** Whether an offer changes nothing; query options that come in a body are read by POST (OData URL Conventions 4.17). */
export function isRead({ method, path }: Pick<OfferDescription, "method" | "path">): boolean {
  return method === "GET" || path.endsWith("/$query");
}

/** The name of an offer in OpenAPI and Swagger: the steps of its path, and what is done. */
export function nameOf({ method, path }: Pick<OfferDescription, "method" | "path">): string {
  const verbs: Readonly<Record<string, string>> = {
    GET: "get",
    POST: "create",
    PUT: "replace",
    PATCH: "update",
    DELETE: "delete",
  };
  const steps = path.split("/").slice(1);
  return [
    ...steps.map((step) => step.replace(/(?<=\w)\(.*\)$/s, "").replaceAll(/\W/g, "")),
    verbs[method] ?? method,
  ].join(".");
}

/** What offers are grouped by: the entity set that their path begins with. */
export function tagOf(path: string): string {
  return path.split("/")[1] ?? "";
}
