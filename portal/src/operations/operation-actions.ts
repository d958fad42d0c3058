import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { CustomerCreationOperation } from "../../../src/client/types.ts";
import { useApi } from "../api/api-context.tsx";

/** Tries an operation again, with what is to be corrected of its customer if anything is. */
export function useRetry() {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, customer }: { readonly id: string; readonly customer?: object }) =>
      api.read<CustomerCreationOperation>(`/customerCreationOperations/${id}/retry`, {
        method: "POST",
        body: customer === undefined ? {} : { customer },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["operations"] }),
  });
}

/** Cancels an operation. */
export function useCancel() {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      api.read(`/customerCreationOperations/${id}`, { method: "PATCH", body: { status: "canceled" } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["operations"] }),
  });
}

/** Tells an operation that can still be canceled. */
export function isCancelable({ status }: CustomerCreationOperation): boolean {
  return status === "notStarted" || status === "running";
}
