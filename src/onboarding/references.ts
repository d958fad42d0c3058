import type { Offer, Result } from "./offer.ts";

/** The offers of references: what can be read can be asked for by its references alone (OData Protocol 11.2.8). */
export function referenceOffers(offers: readonly Offer[]): readonly Offer[] {
  return offers.flatMap((offer): readonly Offer[] => {
    const { method, path, answers, run } = offer;
    if (method !== "GET" || (answers.result !== "collection" && answers.result !== "entity")) return [];
    const [summary, result] =
      answers.result === "entity"
        ? ([`Read the reference to a ${answers.type.name}.`, "reference"] as const)
        : ([`${offer.summary.slice(0, -1)}, as references.`, "references"] as const);
    return [
      {
        ...offer,
        path: `${path}/$ref`,
        summary,
        answers: { ...answers, result },
        run: async (task) => asReferences(await run(task)),
      },
    ];
  });
}

function asReferences(result: Result): Result {
  if (result.kind === "entity") return { kind: "reference", type: result.type, id: String(result.entity["id"]) };
  if (result.kind !== "collection") return result;
  const { entities, ...page } = result;
  return { ...page, kind: "references", ids: entities.map(({ id }) => String(id)) };
}
