import type { PropertyPath } from "../../model/property-path.ts";
import { partsOf } from "../../model/property-path.ts";
import type { Naming } from "../print-value.ts";
import type { BoundOptions } from "./known-options.ts";
import { bindOptions, type SystemOption } from "./options.ts";

/** Reads the query of the URL of a property: of a complex one parts may be selected. */
export function bindPropertyOptions(
  { names, kind }: PropertyPath,
  query: string,
  supported: readonly SystemOption[],
  naming: Naming,
): BoundOptions {
  const name = names.join("/");
  const type = { name, set: "", description: "", properties: partsOf(kind), navigation: {} };
  const suited = kind.kind === "complex" ? supported : supported.filter((each) => each !== "select");
  return bindOptions(type, query, suited, naming);
}
