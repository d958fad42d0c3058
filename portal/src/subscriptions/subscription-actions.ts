import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import type { NotificationDelivery, Subscription } from "../../../src/client/types.ts";
import type { Api } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";

/** Subscribes. */
export function useSubscribe() {
  return useAction((api, body: object) => api.read<Subscription>("/subscriptions", { method: "POST", body }));
}

/** Has a subscription end later, or sooner. */
export function useRenew(id: string) {
  return useAction((api, expirationDateTime: string | undefined) =>
    api.read<Subscription>(pathOf(id), { method: "PATCH", body: { expirationDateTime: expirationDateTime ?? null } }),
  );
}

/** Tells changes again: since an instant, or from a notification on. */
export function useRedeliver(id: string) {
  return useAction((api, from: { readonly fromDateTime?: string; readonly fromNotificationId?: string }) =>
    api.read<void>(`${pathOf(id)}/redeliver`, { method: "POST", body: from }),
  );
}

/** Sends a test, and gives what came of it. */
export function useTest(id: string) {
  return useAction((api) =>
    api.read<NotificationDelivery>(`${pathOf(id)}/sendTestNotification`, { method: "POST", body: {} }),
  );
}

/** Ends a subscription, and leads back to those that are left. */
export function useUnsubscribe(id: string) {
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => api.read<void>(pathOf(id), { method: "DELETE" }),
    onSuccess: () => {
      client.removeQueries({ queryKey: ["subscriptions", id] });
      void client.invalidateQueries({ queryKey: ["subscriptions", "list"] });
      navigate("/subscriptions");
    },
  });
}

/** The path of a subscription in the API. */
export function pathOf(id: string): string {
  return `/subscriptions/${encodeURIComponent(id)}`;
}

function useAction<Answer, Given = void>(send: (api: Api, given: Given) => Promise<Answer>) {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Given) => send(api, given),
    onSuccess: () => client.invalidateQueries({ queryKey: ["subscriptions"] }),
  });
}
