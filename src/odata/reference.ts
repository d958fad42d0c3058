import type { EntityType, Values } from "../model/define.ts";
import type { EntityKey } from "../model/key.ts";
import { entityTypes, versions } from "../model/model.ts";
import { Problem } from "../model/problem.ts";
import { parsePath } from "./path.ts";

const idNames = ["@odata.id", "@id"] as const;

/** Tells a body that is a reference to an entity from one that is an entity (OData JSON Format 14). */
export function isReference(body: Values): boolean {
  return idNames.some((name) => Object.hasOwn(body, name));
}

/** Gives the key in a body that is a reference. It may hold annotations, and nothing else. */
export function readReference(type: EntityType, body: Values, root: string, target = "@odata.id"): EntityKey {
  const property = Object.keys(body).find((name) => !name.includes("@"));
  if (property !== undefined) {
    throw malformed(
      target,
      `A body is either a reference or a ${type.name}: it has '@odata.id' and also '${property}'.`,
    );
  }
  const url = idNames.map((name) => body[name]).find((value) => value !== undefined);
  return parseReference(type, url, root, target);
}

/**
 * Gives the key that the URL of an entity names: absolute under our own authority, from the root of the host, or relative
 * to the service root.
 */
export function parseReference(type: EntityType, url: unknown, root: string, target = "@odata.id"): EntityKey {
  const { template, keys, alternateKeys } = parsePath(pathOf(url, root, { target, wanted: type }));
  const id = keys["id"];
  const key = id === undefined ? alternateKeys?.["id"] : { property: "id", value: id };
  if (template !== `/${type.set}/{id}` || key === undefined) throw noEntity(url, root, { target, wanted: type });
  return { property: key.property, value: key.value };
}

/** Gives the path under the service root that the URL of an entity of any type has. */
export function resolveEntityPath(url: string, root: string, target: string): string {
  const path = pathOf(url, root, { target });
  const { template } = parsePath(path);
  if (entityTypes.some(({ set }) => template === `/${set}/{id}`)) return path;
  throw noEntity(url, root, { target });
}

/** What a URL is given for, and the type of the entity that it must lead to, if it must be one. */
interface Purpose {
  readonly target: string;
  readonly wanted?: EntityType;
}

function pathOf(url: unknown, root: string, purpose: Purpose): string {
  if (typeof url !== "string" || !URL.canParse(url, `${root}/`)) throw noEntity(url, root, purpose);
  const absolute = new URL(url.startsWith("/") && !isVersioned(url) ? `.${url}` : url, `${root}/`);
  const { origin } = new URL(root);
  const [, version, ...segments] = absolute.pathname.split("/");
  if (absolute.origin === origin && versions.some((each) => each === version)) return `/${segments.join("/")}`;
  const message = `'${purpose.target}' must be a URL of this service, such as ${exampleOf(root, purpose)}. It is '${url}'.`;
  throw malformed(purpose.target, message);
}

function noEntity(url: unknown, root: string, purpose: Purpose): Problem {
  const { target, wanted } = purpose;
  const found = typeof url === "string" ? ` It is '${url}'.` : "";
  const what = wanted === undefined ? "an entity" : `a ${wanted.name}`;
  return malformed(target, `'${target}' must be the URL of ${what}, such as ${exampleOf(root, purpose)}.${found}`);
}

function exampleOf(root: string, { wanted }: Purpose): string {
  return `${root}/${wanted?.set ?? "{entity set}"}/{id}`;
}

function isVersioned(path: string): boolean {
  return versions.some((version) => path.startsWith(`/${version}/`));
}

function malformed(target: string, message: string): Problem {
  return new Problem("invalidEntityReference", message, { target });
}
