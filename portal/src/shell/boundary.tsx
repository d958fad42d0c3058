import { Button, MessageBar, MessageBarBody, makeStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { ErrorBoundary } from "react-error-boundary";
import { texts } from "../texts.ts";
import { PageHead } from "./page-head.tsx";

const useStyles = makeStyles({
  frame: { display: "flex", flexDirection: "column", alignItems: "start", gap: "16px" },
  alone: { padding: "24px 32px" },
});

interface Props {
  /** What stands around it: the frame of the portal, or nothing yet. */
  readonly within: "frame" | "nothing";
  /** Where in the portal this is: another place is tried anew. */
  readonly place?: string;
  readonly children: ReactNode;
}

/** Shows, where a page cannot be, that it cannot, and offers to load it again. */
export function Boundary({ within, place, children }: Props) {
  return (
    <ErrorBoundary fallback={<LoadAgain within={within} />} resetKeys={[place]}>
      {children}
    </ErrorBoundary>
  );
}

function LoadAgain({ within }: Pick<Props, "within">) {
  const styles = useStyles();
  const shown = (
    <div className={styles.frame}>
      <PageHead title={texts.failed} />
      <MessageBar intent="error" layout="multiline" politeness="assertive">
        <MessageBarBody>{texts.notLoaded}</MessageBarBody>
      </MessageBar>
      <Button appearance="primary" onClick={() => location.reload()}>
        {texts.loadAgain}
      </Button>
    </div>
  );
  return within === "frame" ? shown : <main className={styles.alone}>{shown}</main>;
}
