/** Prints a table of Markdown. */
export function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [printCells(heads), `|${"---|".repeat(heads.length)}`, ...rows.map(printCells)];
}

// A bar ends a cell, even within backticks.
function printCells(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Tells readers of a page where it comes from. */
export function generatedFrom(source: string): string {
  return `<!-- Written by \`npm run generate\` from ${source}. Do not edit. -->`;
}

/** Writes a text as code, and nothing for none. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}
