import { assertAcceptable, isAcceptable, type mediaTypes } from "./media.ts";

type Media = keyof typeof mediaTypes;

/**
 * Chooses among the forms that a document has: that which the request likes best, the first of those that it likes
 * equally (RFC 9110 section 12.5.1). A request that accepts none is refused with 406.
 */
export function chooseMedia(accept: string | undefined, forms: readonly [Media, ...Media[]]): Media {
  const [first, ...others] = forms;
  const best = others.reduce((a, b) => (qualityOf(accept, b) > qualityOf(accept, a) ? b : a), first);
  assertAcceptable(accept, best);
  return best;
}

/** How much a request likes a form, from 0 to 1: the most exact of the ranges that fit it says so. */
function qualityOf(accept: string | undefined, media: Media): number {
  const ranges = (accept ?? "")
    .split(",")
    .map((range) => range.trim())
    .filter((range) => range !== "");
  if (ranges.length === 0) return 1;
  const fitting = ranges.filter((range) => isAcceptable(withoutQuality(range), media));
  const exactness = (range: string) => (range.startsWith("*/") ? 0 : /^[^;]*\/\*/.test(range) ? 1 : 2);
  const [best] = fitting.toSorted((a, b) => exactness(b) - exactness(a));
  return best === undefined ? 0 : Number(/;\s*q\s*=\s*([\d.]+)/i.exec(best)?.[1] ?? 1);
}

function withoutQuality(range: string): string {
  return range.replace(/;\s*q\s*=[^;]*/i, "");
}
