import { texts } from "../texts.ts";

const { resources, changeTypes } = texts.subscriptions;

/** What is watched, in words: a set by its name, an entity by its path. */
export function nameOfResource(resource: string): string {
  const isSet = (name: string): name is keyof typeof resources => name in resources;
  return isSet(resource) ? resources[resource] : resource;
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
