import { useState } from "react";
import type { FieldValues } from "../fields/field-values.ts";

const draftKey = "tenantry.draft";

/** What was written about a customer that is not there yet. It outlives a reload and a sign-in, and ends with the tab. */
export function useDraft(): {
  readonly values: FieldValues;
  change(changed: FieldValues): void;
  forget(): void;
} {
  const [values, setValues] = useState(readDraft);
  const change = (changed: FieldValues) =>
    setValues((now) => {
      const next = { ...now, ...changed };
      sessionStorage.setItem(draftKey, JSON.stringify(next));
      return next;
    });
  const forget = () => sessionStorage.removeItem(draftKey);
  return { values, change, forget };
}

function readDraft(): FieldValues {
  return JSON.parse(sessionStorage.getItem(draftKey) ?? "{}");
}
