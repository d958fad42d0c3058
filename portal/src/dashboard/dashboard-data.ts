import { useQuery } from "@tanstack/react-query";
import type { CustomerCreationOperation } from "../../../src/client/types.ts";
import { type Api, errorOf, type Page, withOptions } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import type { Counted } from "./statistics.ts";

const dayMilliseconds = 86_400_000;
const daysShown = 14;
const operationsMeasured = 200;
const staleMilliseconds = 60_000;
const expiringMilliseconds = 4 * 3_600_000;

/** What is counted, by what it is called here. */
export type Tile = "customers" | "active" | "failedCustomers" | "running" | "failed" | "expiring" | "retrying";

/** How many there are; undefined is what the token does not let one read. */
export type Counts = Readonly<Record<Tile, number | undefined>>;

/** How many customers, operations and deliveries there are in which state. */
export function useCounts() {
  const api = useApi();
  return useQuery({ queryKey: ["customers", "counts"], queryFn: () => readCounts(api), staleTime: staleMilliseconds });
}

async function readCounts(api: Api): Promise<Counts> {
  const soon = new Date(Date.now() + expiringMilliseconds).toISOString();
  const counts = await countAll(api, [
    { set: "customers" },
    { set: "customers", filter: "lifecycleState eq 'active'" },
    { set: "customers", filter: "lifecycleState eq 'failed'" },
    { set: "customerCreationOperations", filter: "status eq 'running'" },
    { set: "customerCreationOperations", filter: "status eq 'failed'" },
    {
      set: "customerCreationOperations",
      filter: `status in ('notStarted','failed') and expirationDateTime lt ${soon}`,
    },
    { set: "notificationDeliveries", filter: "status eq 'retrying'" },
  ]);
  const [customers, active, failedCustomers, running, failed, expiring, retrying] = counts;
  return { customers, active, failedCustomers, running, failed, expiring, retrying };
}

/** How many customers were created on each of the last days, the oldest first. Days are those of UTC. */
export function useCreations() {
  const api = useApi();
  return useQuery({
    queryKey: ["customers", "creations"],
    queryFn: () => readCreations(api),
    staleTime: staleMilliseconds,
  });
}

async function readCreations(api: Api): Promise<readonly Counted[]> {
  const today = Math.floor(Date.now() / dayMilliseconds);
  const days = Array.from({ length: daysShown }, (_, index) => today - daysShown + 1 + index).map(printDay);
  const counts = await countAll(
    api,
    days.map((day, index) => {
      const next = days[index + 1];
      const end = next === undefined ? "" : ` and createdDateTime lt ${next}T00:00:00Z`;
      return { set: "customers", filter: `createdDateTime ge ${day}T00:00:00Z${end}` };
    }),
  );
  return days.map((label, index) => ({ label, count: counts[index] ?? 0 }));
}

function printDay(day: number): string {
  return new Date(day * dayMilliseconds).toISOString().slice(0, 10);
}

/** The operations that ended last in a status. */
export function useLastOperations(status: "succeeded" | "failed") {
  const api = useApi();
  const path = withOptions("/customerCreationOperations", {
    $filter: `status eq '${status}'`,
    $orderby: "id desc",
    $top: operationsMeasured,
    $select: "history,error",
  });
  return useQuery({
    queryKey: ["operations", path],
    queryFn: async () => (await api.read<Page<CustomerCreationOperation>>(path)).value,
    staleTime: staleMilliseconds,
  });
}

interface Counting {
  readonly set: string;
  readonly filter?: string;
}

interface BatchAnswer {
  readonly responses: readonly {
    readonly id: string;
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: { readonly "@odata.count"?: number };
  }[];
}

const forbidden = 403;

// One request for all (OData JSON Format 4.01 section 19): a batch holds up to twenty.
async function countAll(api: Api, countings: readonly Counting[]): Promise<readonly (number | undefined)[]> {
  const requests = countings.map(({ set, filter }, index) => ({
    id: String(index),
    method: "GET",
    url: withOptions(`/${set}`, { $top: 0, $count: true, ...(filter === undefined ? {} : { $filter: filter }) }),
  }));
  const { responses } = await api.read<BatchAnswer>("/$batch", { method: "POST", body: { requests } });
  // What was refused for another reason than the token is not nothing: a wrong number would be worse than none.
  const refused = responses.find(({ status }) => status >= 400 && status !== forbidden);
  if (refused !== undefined) {
    const { status, headers, body } = refused;
    throw errorOf({ status, headers: new Headers(headers), text: JSON.stringify(body) });
  }
  return requests.map(({ id }) => responses.find((each) => each.id === id)?.body["@odata.count"]);
}
