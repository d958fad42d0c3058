import type { Values } from "../model/define.ts";
import { namespace } from "../model/model.ts";
import type { Computed } from "../model/query.ts";
import type { Manner } from "./print-value.ts";

/**
 * Prints the computed values of an entity behind what stands before them. They are in no type, so that each whose JSON
 * does not tell its type has an annotation of it before it (OData JSON Format 4.6.3), unless no metadata is wanted.
 */
export function printComputed(
  computed: readonly Computed[],
  entity: Values,
  { profile, format, nulls }: Manner,
  printed: Record<string, unknown>,
): void {
  for (const each of computed) {
    const value = entity[each.name] ?? null;
    if (value === null && nulls === "omitted") continue;
    const type = value === null || format.metadata === "none" ? undefined : typeName(each);
    const mark = each.type === "choice" ? "#" : profile.primitiveMark;
    if (type !== undefined) printed[each.name + profile.control.type] = mark + type;
    const isDuration = each.type === "duration" && typeof value === "number";
    printed[each.name] = isDuration ? printDuration(value) : value;
  }
}

function typeName({ type, choice }: Computed): string | undefined {
  switch (type) {
    case "instant":
      return "DateTimeOffset";
    case "date":
      return "Date";
    case "timeOfDay":
      return "TimeOfDay";
    case "duration":
      return "Duration";
    case "choice":
      return choice === undefined ? undefined : `${namespace.name}.${choice}`;
    default:
      return undefined;
  }
}

/** Prints a number of seconds as a duration of days and seconds, such as `P1DT0.5S`. */
function printDuration(seconds: number): string {
  const sign = seconds < 0 ? "-" : "";
  const days = Math.trunc(Math.abs(seconds) / 86_400);
  const rest = Math.abs(seconds) - days * 86_400;
  const decimals = rest.toFixed(9).replace(/\.?0+$/, "");
  const time = decimals === "0" || decimals === "" ? "" : `T${decimals}S`;
  if (days === 0) return time === "" ? "PT0S" : `${sign}P${time}`;
  return `${sign}P${BigInt(days)}D${time}`;
}
