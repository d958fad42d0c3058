import { literal, withOptions } from "../api/api.ts";

/** What the list of customers shows. It stands in the address of the page, so that it can be linked to. */
export interface ListState {
  readonly search: string;
  readonly states: readonly string[];
  /** Two letters of ISO 3166-1; empty: all countries. */
  readonly country: string;
  /** Only customers of the last so many days; 0: all. */
  readonly days: number;
  readonly sort: SortColumn;
  readonly descending: boolean;
  /** Counted from 1. */
  readonly page: number;
  readonly size: number;
}

/** The columns that can be sorted by, and the property of each. */
const sortPaths = {
  name: "companyProfile/companyName",
  domain: "companyProfile/domain",
  country: "billingProfile/defaultAddress/country",
  email: "billingProfile/email",
  state: "lifecycleState",
  // Identifiers are made in the order of time (RFC 9562 section 5.7), and rows are kept in theirs.
  created: "id",
  modified: "lastModifiedDateTime",
  externalId: "externalId",
} as const;

export type SortColumn = keyof typeof sortPaths;

export const pageSizes = [25, 50, 100] as const;
const sizeDefault = 50;
const dayMilliseconds = 86_400_000;

/** Reads the state from the parameters of the address; what cannot be is as by default. */
export function parseListState(parameters: URLSearchParams): ListState {
  const sort = parameters.get("sort") ?? "-created";
  const column = sort.replace(/^-/, "");
  const size = Number(parameters.get("size"));
  return {
    search: parameters.get("search") ?? "",
    states: (parameters.get("state") ?? "").split(",").filter((each) => /^\w+$/.test(each)),
    country: /^[A-Z]{2}$/.exec(parameters.get("country") ?? "")?.[0] ?? "",
    days: countIn(parameters.get("days"), 0),
    sort: isSortColumn(column) ? column : "created",
    descending: sort.startsWith("-"),
    page: countIn(parameters.get("page"), 1),
    size: pageSizes.find((each) => each === size) ?? sizeDefault,
  };
}

/** Prints the state as parameters, without what is as by default. */
export function printListState(state: ListState): URLSearchParams {
  const sort = `${state.descending ? "-" : ""}${state.sort}`;
  const entries = [
    ["search", state.search],
    ["state", state.states.join(",")],
    ["country", state.country],
    ["days", state.days === 0 ? "" : String(state.days)],
    ["sort", sort === "-created" ? "" : sort],
    ["page", state.page === 1 ? "" : String(state.page)],
    ["size", state.size === sizeDefault ? "" : String(state.size)],
  ];
  return new URLSearchParams(entries.filter(([, value]) => value !== ""));
}

/** The path that asks the API for what the list shows. */
export function printListPath(state: ListState, now: Date): string {
  return withOptions("/customers", {
    $select: "id,companyProfile,billingProfile,lifecycleState,externalId,tenantId,createdDateTime,lastModifiedDateTime",
    $orderby: `${sortPaths[state.sort]} ${state.descending ? "desc" : "asc"}`,
    $top: state.size,
    $skip: (state.page - 1) * state.size,
    ...printConditions(state, now),
  });
}

/** The path that asks how many customers there are in all that the list is about: no page waits for it. */
export function printCountPath(state: ListState, now: Date): string {
  return withOptions("/customers/$count", printConditions(state, now));
}

function printConditions(state: ListState, now: Date): Readonly<Record<string, string>> {
  const filter = printFilter(state, now);
  const search = printSearch(state.search);
  return { ...(filter === "" ? {} : { $filter: filter }), ...(search === "" ? {} : { $search: search }) };
}

function printFilter({ states, country, days }: ListState, now: Date): string {
  const conditions = [];
  if (states.length > 0) conditions.push(`lifecycleState in (${states.map(literal).join(",")})`);
  if (country !== "") conditions.push(`billingProfile/defaultAddress/country eq ${literal(country)}`);
  if (days > 0) {
    // The beginning of a day, so that the same list is asked for in the same words all day.
    const from = new Date(Math.floor(now.getTime() / dayMilliseconds - days + 1) * dayMilliseconds);
    conditions.push(`createdDateTime ge ${from.toISOString()}`);
  }
  return conditions.join(" and ");
}

// What customers are looked for by. To look into all their texts takes many times as long.
const searched = ["companyName", "domain", "email", "externalId"];

// Each word is a phrase of its own: AND, OR and NOT are words here too.
function printSearch(search: string): string {
  const words = search.split(/\s+/).map((word) => word.replaceAll(/["\\]/g, ""));
  return words
    .filter((word) => word !== "")
    .map((word) => `(${searched.map((property) => `"${property}:${word}"`).join(" OR ")})`)
    .join(" AND ");
}

function isSortColumn(text: string): text is SortColumn {
  return text in sortPaths;
}

function countIn(text: string | null, least: number): number {
  const count = Number(text);
  return Number.isSafeInteger(count) && count >= least ? count : least;
}
