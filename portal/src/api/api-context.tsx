import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useState } from "react";
import { type Api, ApiError } from "./api.ts";

const ApiContext = createContext<Api | undefined>(undefined);

const retriesMax = 2;
const staleMilliseconds = 10_000;
// Whoever waits longer rather learns why.
const delayMillisecondsMax = 5_000;
// What may be asked again: too many requests, and a server that is not ready (RFC 9110 section 15.6.4).
const passing = [429, 503];
// What may be sent again is less: a 503 may come of a database that was lost when all had been done.
const refusedBefore = [429];

function retryOn(statuses: readonly number[]) {
  return (count: number, error: Error) =>
    count < retriesMax && error instanceof ApiError && statuses.includes(error.status);
}

function retryDelay(count: number, error: Error): number {
  const told = error instanceof ApiError ? error.retryAfter : undefined;
  return Math.min(told ?? 1000 * 2 ** count, delayMillisecondsMax);
}

/** Gives everything within it the API, and remembers what it has answered. */
export function ApiProvider({ api, children }: { readonly api: Api; readonly children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { staleTime: staleMilliseconds, retry: retryOn(passing), retryDelay },
          mutations: { retry: retryOn(refusedBefore), retryDelay },
        },
      }),
  );
  return (
    <QueryClientProvider client={client}>
      <ApiContext value={api}>{children}</ApiContext>
    </QueryClientProvider>
  );
}

/** The API of whoever is signed in. */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === undefined) throw new Error("The API is asked for outside of ApiProvider.");
  return api;
}
