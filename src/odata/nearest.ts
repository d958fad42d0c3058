import { distance } from "fastest-levenshtein";

const lengthMax = 100;

/** Gives the name that was probably meant: the nearest one, if it is as near as a slip of the pen. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > lengthMax) return undefined;
  const slips = Math.min(3, Math.ceil(name.length / 3));
  const ranked = known
    .map((each) => ({ each, far: distance(each.toLowerCase(), name.toLowerCase()) }))
    .filter(({ far }) => far <= slips)
    .sort((a, b) => a.far - b.far);
  return ranked[0]?.each;
}
