// Nothing but space between columns, so that what is printed can be copied.
const ruled = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
] as const;
const beside = ["left", "left-mid", "mid", "mid-mid", "right", "right-mid"] as const;
const gap = "  ";
const chars = { ...Object.fromEntries([...ruled, ...beside].map((name) => [name, ""])), middle: gap };
/** Narrower than this a column says nothing. */
const narrowest = 6;

type Rows = readonly (readonly string[])[];

/** Prints rows of cells with their columns beneath each other. */
export async function drawTable(rows: Rows): Promise<string> {
  return draw(rows);
}

/**
 * Prints rows of cells beneath the paths that they are of. Where that is wider than the terminal, cells end in an ellipsis:
 * the widest first, and those of the first column, which tell the rows apart, last.
 */
export async function drawColumns(
  paths: readonly string[],
  rows: Rows,
  { widthMax, style }: { readonly widthMax: number | undefined; readonly style: (head: string) => string },
): Promise<string> {
  const { default: stringWidth } = await import("string-width");
  const widest = (column: number, head: string) =>
    Math.max(stringWidth(head), ...rows.map((row) => stringWidth(row[column] ?? "")));
  const whole = paths.map((path, column) => widest(column, path));
  if (widthMax === undefined || printedWidth(whole) <= widthMax) return draw([paths.map(style), ...rows]);
  const shortened = paths.map(shorten);
  const widths = narrow(
    shortened.map((head, column) => widest(column, head)),
    widthMax,
  );
  const heads = paths.map((path, column) => (stringWidth(path) > (widths[column] ?? 0) ? shorten(path) : path));
  return draw([heads.map(style), ...rows], widths);
}

// Of a path its end tells most.
function shorten(path: string): string {
  return path.includes("/") ? `…${path.slice(path.lastIndexOf("/"))}` : path;
}

function narrow(widths: readonly number[], widthMax: number): readonly number[] {
  const [first = 0, ...others] = widths;
  const room = widthMax - gap.length * others.length;
  if (room - first >= narrowest * others.length) return [first, ...capped(others, room - first)];
  return capped(widths, room);
}

/** Takes from the widest until all have room. */
function capped(widths: readonly number[], room: number): readonly number[] {
  let cap = Math.max(1, ...widths);
  while (cap > 1 && sum(widths.map((width) => Math.min(width, cap))) > room) cap -= 1;
  return widths.map((width) => Math.min(width, cap));
}

function printedWidth(widths: readonly number[]): number {
  return sum(widths) + gap.length * (widths.length - 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

// Loaded when something is printed: a server prints none of this, and is to start at once.
async function draw(rows: Rows, widths: readonly number[] = []): Promise<string> {
  const { default: CliTable } = await import("cli-table3");
  const style = { "padding-left": 0, "padding-right": 0, head: [], border: [] };
  const table = new CliTable({ chars, style, colWidths: [...widths] });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split("\n");
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}
