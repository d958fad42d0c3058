import { type RefObject, useEffect } from "react";

/** Puts the focus at the first fault of a form whenever it was told another: whoever cannot see it must be led there. */
export function useFaultFocus(form: RefObject<HTMLFormElement | null>, told: object | null): void {
  useEffect(() => {
    if (told !== null) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [form, told]);
}
