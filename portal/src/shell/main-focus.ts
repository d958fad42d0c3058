import { type RefObject, useLayoutEffect, useRef } from "react";

/** The identifier of the main part of a page. */
export const mainId = "main";

/** Puts the focus at the beginning of the page, behind its navigation. */
export function focusMain(): void {
  document.getElementById(mainId)?.focus();
}

/**
 * Gives the reference for an element that may go while the focus is within it. The focus then stays at the page: whoever
 * uses the keyboard would begin at the top of the browser's window otherwise.
 */
export function useKeptFocus<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useLayoutEffect(() => {
    const { current } = element;
    return () => {
      if (current?.contains(document.activeElement) === true) focusMain();
    };
  }, []);
  return element;
}
