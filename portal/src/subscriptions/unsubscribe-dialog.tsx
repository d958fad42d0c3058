import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Text,
} from "@fluentui/react-components";
import { Failure } from "../shell/failure.tsx";
import { texts } from "../texts.ts";
import { useUnsubscribe } from "./subscription-actions.ts";

/** Asks whether a subscription is really to be ended. */
export function UnsubscribeDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const unsubscribe = useUnsubscribe(id);
  const { title, explanation, confirm } = texts.subscriptions.deletion;
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>
            <Text as="p" block>
              {explanation}
            </Text>
            {unsubscribe.error === null ? null : <Failure error={unsubscribe.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{texts.cancel}</Button>
            <Button appearance="primary" disabledFocusable={unsubscribe.isPending} onClick={() => unsubscribe.mutate()}>
              {confirm}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
