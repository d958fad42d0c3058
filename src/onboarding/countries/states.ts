import { iso31662 } from "iso-3166";

/** A state, province or other subdivision of a country: its code without the country, and its name in ISO 3166-2. */
export interface State {
  readonly code: string;
  readonly name: string;
}

/** Gives the subdivisions of a country, by their codes. */
export function statesOf(country: string): readonly State[] {
  return statesByCountry.get(country) ?? [];
}

/** Finds what was meant by a text that is no code: a name, or a code with its country before it. */
export function findState(country: string, text: string): State | undefined {
  let spellings = spellingsByCountry.get(country);
  if (spellings === undefined) {
    spellings = spellingsOf(country);
    spellingsByCountry.set(country, spellings);
  }
  return spellings.get(plain(text));
}

/** By what each state of a country may be meant. A name stands before a code, and of two alike the first. */
function spellingsOf(country: string): ReadonlyMap<string, State> {
  const states = statesOf(country);
  const names = states.map((state) => [plain(state.name), state] as const);
  const codes = states.flatMap((state) =>
    [state.code, `${country}-${state.code}`].map((code) => [plain(code), state] as const),
  );
  return new Map([...names, ...codes].toReversed());
}

// Worked out when a country is first asked for: its names are compared plain with what each of its customers gives.
const spellingsByCountry = new Map<string, ReadonlyMap<string, State>>();

/** Territories that ISO 3166-2 lists under the United States and that are countries of ISO 3166-1 themselves. */
const countriesOfTheirOwn = new Set(["US-AS", "US-GU", "US-MP", "US-PR", "US-UM", "US-VI"]);

const statesByCountry: ReadonlyMap<string, readonly State[]> = groupStates();

function groupStates(): ReadonlyMap<string, readonly State[]> {
  const groups = new Map<string, State[]>();
  for (const { code, name } of iso31662) {
    if (countriesOfTheirOwn.has(code)) continue;
    const country = code.slice(0, 2);
    const group = groups.get(country) ?? [];
    group.push({ code: code.slice(3), name });
    groups.set(country, group);
  }
  return groups;
}

// Compared without case, accents and punctuation: 'são paulo' is São Paulo.
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/[^\p{L}\p{N}]/gu, "")
    .toLowerCase();
}
