import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { Customer } from "../../../src/client/types.ts";
import { useApi } from "../api/api-context.tsx";
import { Failure } from "../shell/failure.tsx";
import { texts } from "../texts.ts";
import { nameOfCustomer } from "./columns.tsx";

/** Asks whether a customer is really to be deleted, and says what comes of it. */
export function DeleteDialog({ customer, onClose }: { readonly customer: Customer; readonly onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isUnderstood, setUnderstood] = useState(false);
  const removal = useMutation({
    mutationFn: () =>
      api.read(`/customers/${customer.id}`, {
        method: "DELETE",
        headers: { "If-Match": customer["@odata.etag"] },
      }),
    onSuccess: () => {
      client.removeQueries({ queryKey: ["customer", customer.id] });
      void client.invalidateQueries({ queryKey: ["customers"] });
      navigate("/customers");
    },
  });
  const consequences =
    customer.lifecycleState === "provisioning" || customer.lifecycleState === "failed"
      ? texts.deletion.ofUnfinished
      : texts.deletion.ofFinished;
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{texts.deletion.title(nameOfCustomer(customer))}</DialogTitle>
          <DialogContent>
            <ul>
              {consequences(customer.companyProfile.domain).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            <Checkbox
              label={texts.deletion.understood}
              checked={isUnderstood}
              onChange={(_, { checked }) => setUnderstood(checked === true)}
            />
            {removal.error === null ? null : <Failure error={removal.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{texts.cancel}</Button>
            <Button appearance="primary" disabled={!isUnderstood || removal.isPending} onClick={() => removal.mutate()}>
              {texts.deletion.confirm}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
