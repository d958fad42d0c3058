/** The identifier of the main part of a page. */
export const mainId = "main";

/** Puts the focus at the beginning of the page, behind its navigation. */
export function focusMain(): void {
  document.getElementById(mainId)?.focus();
}
