/** Chance that is the same at each run: everything that is tried follows from the seed. */
export interface Chance {
  /** A whole number from 0 up to, and without, the bound. */
  below(bound: number): number;
  /** True in one of so many cases. */
  oneIn(cases: number): boolean;
  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T;
  /** A list of up to so many, each made anew. */
  some<T>(most: number, make: () => T): readonly T[];
}

/** Makes chance from a seed, by the generator "mulberry32": a counter whose bits are mixed. */
export function chanceOf(seed: number): Chance {
  let counter = seed;
  const next = () => {
    counter = (counter + 0x6d2b79f5) | 0;
    let bits = Math.imul(counter ^ (counter >>> 15), 1 | counter);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    below,
    oneIn: (cases) => below(cases) === 0,
    pick(from) {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new Error("There is nothing to pick from.");
      return picked;
    },
    some: (most, make) => Array.from({ length: below(most + 1) }, make),
  };
}

/** Texts that have broken programs before. */
const nasty: readonly string[] = [
  ...["", " ", "'", "''", '"', "\\", "\0", "%00", "%", "%zz", "%2f", "%27", "%c0%af", "%ed%a0%80", "+", "&", "=", ";"],
  ...["..", "../../etc/passwd", "//", "/./", "\r\nX-Evil: 1", "\u2028", "\u202e", "🦆", "\ud800", "é", "e\u0301", "ß"],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "null", "undefined", "true", "NaN", "INF"],
  ...["-0", "1e999", "-1e-999", "0x10", "9".repeat(400), "9223372036854775808", "2147483648", "0.1e", "1.5", "-1"],
  ...["' or '1'='1", "'; drop table customers; --", "$1", "?", "⟦0⟧", "{{text}}", "<script>", "*", "@x", "$it"],
  ...["2026-02-30T25:61:61Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "PT1H", "duration'P1D'", "W/"],
  ...["a".repeat(300), "(".repeat(150), "[".repeat(150), "not ".repeat(150), "a/".repeat(150), "%25".repeat(100)],
];

/** One of the texts that have broken programs before. */
export function nastyText(chance: Chance): string {
  return chance.pick(nasty);
}

/** A text with a few of its characters left out, doubled, exchanged or replaced by something nasty. */
export function mutate(chance: Chance, text: string): string {
  let mutated = text;
  for (const _ of chance.some(3, () => undefined)) {
    const at = chance.below(mutated.length + 1);
    const [before, after] = [mutated.slice(0, at), mutated.slice(at)];
    mutated = chance.pick([
      () => before + after.slice(1),
      () => before + nastyText(chance) + after,
      () => before + nastyText(chance) + after.slice(1),
      () => before + after.slice(0, 8) + after,
      () => before,
      () => before + String.fromCharCode(chance.below(chance.oneIn(4) ? 0x10000 : 0x80)) + after.slice(1),
    ])();
  }
  return mutated;
}
