import { useState } from "react";

/** How someone likes the list: kept in this browser. */
export interface ListPreferences {
  readonly density: "comfortable" | "compact";
  readonly columns: readonly string[];
}

const preferencesKey = "tenantry.customers";
const byDefault: ListPreferences = { density: "comfortable", columns: ["domain", "country", "state", "created"] };

/** The preferences, and the means to change them. */
export function useListPreferences(): [ListPreferences, (changed: Partial<ListPreferences>) => void] {
  const [preferences, setPreferences] = useState(readPreferences);
  const change = (changed: Partial<ListPreferences>) => {
    const next = { ...preferences, ...changed };
    localStorage.setItem(preferencesKey, JSON.stringify(next));
    setPreferences(next);
  };
  return [preferences, change];
}

function readPreferences(): ListPreferences {
  try {
    return { ...byDefault, ...JSON.parse(localStorage.getItem(preferencesKey) ?? "{}") };
  } catch {
    return byDefault;
  }
}
