import { makeStyles, Title2 } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { texts } from "../texts.ts";

const useStyles = makeStyles({
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "8px 16px", marginBottom: "16px" },
  title: { flexGrow: 1, margin: 0, overflowWrap: "anywhere" },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
});

/** The head of a page: its title, which the browser's tab says as well, and what can be done. */
export function PageHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.head}>
      <title>{`${title} · ${texts.shell.name}`}</title>
      <Title2 as="h1" className={styles.title}>
        {title}
      </Title2>
      <div className={styles.actions}>{children}</div>
    </div>
  );
}
