import type { EntityType, Values } from "../model/define.ts";
import type { Expression } from "../model/query.ts";
import { bindOptions } from "./bind/options.ts";
import { defaultFormat } from "./media.ts";
import { printEntity } from "./payload.ts";
import { profiles } from "./profile.ts";

/** Reads and writes what subscriptions and their notifications hold in OData. Links begin at the root. */
export function odataNotation(root: string) {
  return {
    readFilter: (type: EntityType, query: string): Expression | undefined =>
      bindOptions(type, query, ["filter"], { root, members: "known" }).filter,
    printEntity(type: EntityType, entity: Values): Values {
      return printEntity(type, entity, {
        root,
        profile: profiles.graph,
        format: defaultFormat,
        nulls: "shown",
        members: "known",
        projection: { expand: [] },
      });
    },
  };
}
