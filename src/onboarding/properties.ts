import { isStructured, type PropertyPath } from "../model/property-path.ts";
import type { Offer } from "./offer.ts";

/**
 * The offers of the properties of entities. What reads an entity reads each of its properties, and what changes it changes
 * them: by the same permission, the same checks and the same write, so that nothing of it is said again.
 */
export function propertyOffers(offers: readonly Offer[]): readonly Offer[] {
  return offers.flatMap((offer) => {
    if (offer.answers.result !== "entity") return [];
    if (offer.method === "GET") return readingOffers(offer);
    return offer.method === "PATCH" ? changingOffers(offer) : [];
  });
}

/** Tells whether a method has a meaning for a property: only what has parts can be changed in part. */
export function suits(method: Offer["method"], { kind }: PropertyPath): boolean {
  return method !== "PATCH" || isStructured(kind);
}

function readingOffers(offer: Offer): readonly Offer[] {
  const value = part(offer, "value");
  const text = part(offer, "text");
  const { name, properties } = offer.answers.type;
  const hasCollection = Object.values(properties).some(({ kind }) => kind.kind === "list");
  const count = {
    ...text,
    path: `${offer.path}/{property}/$count`,
    summary: `Count the items of a collection of a ${name}.`,
  };
  return [
    { ...value, path: `${offer.path}/{property}`, summary: `Read a property of a ${name}.` },
    { ...text, path: `${offer.path}/{property}/$value`, summary: `Read the raw value of a property of a ${name}.` },
    ...(hasCollection ? [count] : []),
  ];
}

function changingOffers(offer: Offer): readonly Offer[] {
  const { type } = offer.answers;
  const accepts = { body: "property", type } as const;
  const hasParts = Object.values(type.properties).some(({ kind }) => isStructured(kind));
  const value = { ...part(offer, "value"), accepts, path: `${offer.path}/{property}` };
  const text = { ...part(offer, "text"), path: `${offer.path}/{property}/$value` };
  return [
    { ...value, method: "PUT", summary: `Replace the value of a property of a ${type.name}.` },
    ...(hasParts ? [{ ...value, summary: `Change parts of a complex property of a ${type.name}.` }] : []),
    { ...value, method: "DELETE", accepts: { body: "none" }, summary: `Set a property of a ${type.name} to null.` },
    { ...text, method: "PUT", accepts: { body: "text", type }, summary: `Replace a raw value of a ${type.name}.` },
    { ...text, method: "DELETE", accepts: { body: "none" }, summary: `Set a raw value of a ${type.name} to null.` },
  ];
}

function part(offer: Offer, shown: "value" | "text"): Offer {
  return { ...offer, answers: { ...offer.answers, part: shown } };
}
