/** One number of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text format of Prometheus. */
export function parseScrape(text: string): readonly Sample[] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = "", text = ""]) => [key, text]);
    return {
      name,
      labels: Object.fromEntries(pairs),
      value: value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value),
    };
  });
}

/** The sum of the samples of a name whose labels are as wanted; 0 when there are none. */
export function sum(samples: readonly Sample[], name: string, wanted: Readonly<Record<string, string>> = {}): number {
  const found = samples.filter(
    (sample) => sample.name === name && Object.entries(wanted).every(([key, value]) => sample.labels[key] === value),
  );
  return found.reduce((total, { value }) => total + value, 0);
}
