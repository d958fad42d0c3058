/** Prints the Content-Security-Policy of a page: what is not named loads nothing, and no page may frame it. */
export function printPolicy(directives: readonly string[]): string {
  const always = ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
  return ["default-src 'none'", ...directives, ...always].join("; ");
}
