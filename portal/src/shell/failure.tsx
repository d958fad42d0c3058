import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { ApiError } from "../api/api.ts";
import { texts } from "../texts.ts";

/** Says what went wrong, in the server's words where it has some. */
export function Failure({ error, title = texts.failed }: { readonly error: Error; readonly title?: string }) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <MessageBar intent="error" layout="multiline" politeness="assertive">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle>
        {error instanceof ApiError ? error.message : texts.unreachable}
        {requestId === null ? null : <div>{texts.requestId(requestId)}</div>}
      </MessageBarBody>
    </MessageBar>
  );
}
