import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { CustomerValidation } from "../../../src/client/types.ts";
import { type Answer, errorOf } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import { createBody, type FieldValues } from "../fields/field-values.ts";

/** Asks the server what would become of a customer. Nothing is created. */
export function useRehearsal() {
  const api = useApi();
  return useMutation({
    mutationFn: (values: FieldValues) =>
      api.read<CustomerValidation>("/customers/validate", { method: "POST", body: createBody(values) }),
  });
}

/** Creates a customer, and gives the identifier of the operation that provisions it. */
export function useCreation() {
  const api = useApi();
  const client = useQueryClient();
  // One and the same request, however often it is sent: pressed twice, or again after an answer was lost (D44).
  const repeatable = useRef<{ readonly body: string; readonly headers: Readonly<Record<string, string>> }>(undefined);
  return useMutation({
    mutationFn: async (values: FieldValues) => {
      const body = createBody(values);
      const text = JSON.stringify(body);
      if (repeatable.current?.body !== text) repeatable.current = { body: text, headers: repeatability() };
      const answer = await api.send("/customers", { method: "POST", body, headers: repeatable.current.headers });
      if (answer.status >= 400) throw errorOf(answer);
      return operationOf(answer);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["customers"] }),
  });
}

// OASIS Repeatable Requests 1.0 sections 3 and 4.
function repeatability(): Readonly<Record<string, string>> {
  return {
    "Repeatability-Request-ID": crypto.randomUUID(),
    "Repeatability-First-Sent": new Date().toUTCString(),
  };
}

function operationOf({ headers }: Answer): string {
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(headers.get("Operation-Location") ?? "")?.[0];
  if (id === undefined) throw new Error("The answer names no operation.");
  return id;
}
