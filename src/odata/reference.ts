import type { EntityType, Values } from "../model/define.ts";
import type { EntityKey } from "../model/key.ts";
import { versions } from "../model/model.ts";
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
  if (typeof url !== "string" || !URL.canParse(url, `${root}/`)) {
    throw malformed(target, `'${target}' must be the URL of a ${type.name}, such as ${root}/${type.set}/{id}.`);
  }
  const absolute = new URL(url.startsWith("/") && !isVersioned(url) ? `.${url}` : url, `${root}/`);
  const { origin } = new URL(root);
  const [, version, ...segments] = absolute.pathname.split("/");
  if (absolute.origin !== origin || !versions.some((each) => each === version)) {
    throw malformed(
      target,
      `'${target}' must be a URL of this service, such as ${root}/${type.set}/{id}. It is '${url}'.`,
    );
  }
  const found = parsePath(`/${segments.join("/")}`);
  const id = found.keys["id"];
  const key = id === undefined ? found.alternateKeys?.["id"] : { property: "id", value: id };
  if (found.template !== `/${type.set}/{id}` || key === undefined) {
    throw malformed(
      target,
      `'${target}' must be the URL of a ${type.name}, such as ${root}/${type.set}/{id}. It is '${url}'.`,
    );
  }
  return { property: key.property, value: key.value };
}

function isVersioned(path: string): boolean {
  return versions.some((version) => path.startsWith(`/${version}/`));
}

function malformed(target: string, message: string): Problem {
  return new Problem("invalidEntityReference", message, { target });
}
