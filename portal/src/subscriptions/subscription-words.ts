import { texts } from "../texts.ts";

const { resources, resourcesInSentence, changeTypes } = texts.subscriptions;

/** What is watched, in words: a set by its name, an entity by its path. */
export function nameOfResource(resource: string): string {
  return isSet(resource) ? resources[resource] : resource;
}

/** The same within a sentence. */
export function sayResource(resource: string): string {
  return isSet(resource) ? resourcesInSentence[resource] : resource;
}

function isSet(resource: string): resource is keyof typeof resources {
  return resource in resources;
}

/** The kinds of change that are told, in words. */
export function printChangeTypes(changeType: string): string {
  const isKnown = (name: string): name is keyof typeof changeTypes => name in changeTypes;
  return changeType
    .split(",")
    .map((each) => each.trim())
    .map((each) => (isKnown(each) ? changeTypes[each] : each))
    .join(", ");
}

/** A version of TLS as people write it: 1.2 for v1_2. */
export function printTlsVersion(version: string | null): string | null {
  return version === null ? null : version.replace(/^v(\d)_(\d)$/, "$1.$2");
}
