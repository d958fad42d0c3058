/** The words of a name as a person reads them: `companyName` is Company name, `$top` is Top. */
export function titleOf(name: string): string {
  const words = name
    .replace(/^(?:@odata\.|[@$])/, "")
    .replaceAll(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replaceAll(/[-_.]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
