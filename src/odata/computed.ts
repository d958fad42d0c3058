import type { Values } from "../model/define.ts";
import { namespace } from "../model/model.ts";
import type { Computed } from "../model/query.ts";

/**
 * Prints the computed values of an entity. They are in no type, so that each whose JSON does not tell its type has an
 * annotation of it before it (OData JSON Format 4.6.3).
 */
export function printComputed(computed: readonly Computed[], entity: Values): Values {
  return Object.fromEntries(
    computed.flatMap((each): readonly (readonly [string, unknown])[] => {
      const value = entity[each.name] ?? null;
      const type = value === null ? undefined : typeName(each);
      const annotation = type === undefined ? [] : [[`${each.name}@odata.type`, `#${type}`] as const];
      const isDuration = each.type === "duration" && typeof value === "number";
      return [...annotation, [each.name, isDuration ? printDuration(value) : value]];
    }),
  );
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
