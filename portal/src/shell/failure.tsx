import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, makeStyles } from "@fluentui/react-components";
import { useTransition } from "react";
import { ApiError } from "../api/api.ts";
import { texts } from "../texts.ts";
import { PassingButton } from "./passing-button.tsx";

const useStyles = makeStyles({ bar: { marginBottom: "12px" } });

interface Props {
  readonly error: Error;
  /** Reads again what could not be read. What was sent is sent again by the button that has sent it. */
  readonly onRetry?: () => Promise<unknown>;
}

/** Says what went wrong, in the server's words where it has some. */
export function Failure({ error, onRetry }: Props) {
  const styles = useStyles();
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <MessageBar className={styles.bar} intent="error" layout="multiline" politeness="assertive">
      <MessageBarBody>
        <MessageBarTitle>{texts.failed}</MessageBarTitle>
        {error instanceof ApiError ? error.message : texts.unreachable}
        {requestId === null ? null : <div>{texts.requestId(requestId)}</div>}
      </MessageBarBody>
      {onRetry === undefined ? null : (
        <MessageBarActions>
          <RetryButton onRetry={onRetry} />
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

function RetryButton({ onRetry }: Required<Pick<Props, "onRetry">>) {
  const [isPending, start] = useTransition();
  const retry = () =>
    start(async () => {
      await onRetry();
    });
  return (
    <PassingButton isPending={isPending} onClick={retry}>
      {isPending ? texts.retrying : texts.retry}
    </PassingButton>
  );
}
