import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Text,
} from "@fluentui/react-components";
import { type FormEvent, useState } from "react";
import { ApiError } from "../api/api.ts";
import { faultAt } from "../fields/faults.ts";
import { Failure } from "../shell/failure.tsx";
import { texts } from "../texts.ts";
import { printLocal, readLocal } from "./local-instant.ts";

interface Props {
  readonly words: {
    readonly title: string;
    readonly explanation: string;
    readonly label: string;
    readonly confirm: string;
  };
  readonly proposal: Date;
  readonly error: Error | null;
  readonly isPending: boolean;
  /** Called with the instant that was chosen; undefined when the field holds none. */
  readonly onConfirm: (instant: string | undefined) => void;
  readonly onClose: () => void;
}

/** Asks for an instant, and shows at the field what the server has to complain of. */
export function InstantDialog({ words, proposal, error, isPending, onConfirm, onClose }: Props) {
  const [value, setValue] = useState(() => printLocal(proposal));
  const [asked, setAsked] = useState<string>();
  // Nothing else is asked for: whatever the server finds malformed is the instant.
  const isFault = error instanceof ApiError && error.status === 400;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(value);
    onConfirm(readLocal(value));
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{words.title}</DialogTitle>
            <DialogContent>
              <Text as="p" block>
                {words.explanation}
              </Text>
              <Field label={words.label} required {...faultAt(isFault && value === asked ? error.message : undefined)}>
                <Input type="datetime-local" value={value} onChange={(_, typed) => setValue(typed.value)} />
              </Field>
              {error === null || isFault ? null : <Failure error={error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{texts.cancel}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={isPending}>
                {words.confirm}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
