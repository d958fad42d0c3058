import { makeStyles, Title2 } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { texts } from "../texts.ts";
import { type Crumb, Trail } from "./trail.tsx";

const useStyles = makeStyles({
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "8px 16px", marginBottom: "16px" },
  title: { flexGrow: 1, margin: 0 },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
});

interface Props {
  readonly title: string;
  /** The pages above this one, where it is none of those that the navigation leads to. */
  readonly trail?: readonly Crumb[];
  /** What it is called at the end of the trail, where its title says more. */
  readonly here?: string;
  readonly children?: ReactNode;
}

/** The head of a page: the way back, its title, which the browser's tab says as well, and what can be done. */
export function PageHead({ title, trail, here = title, children }: Props) {
  const styles = useStyles();
  return (
    <>
      <title>{`${title} · ${texts.shell.name}`}</title>
      {trail === undefined ? null : <Trail above={trail} here={here} />}
      <div className={styles.head}>
        <Title2 as="h1" className={styles.title}>
          {title}
        </Title2>
        <div className={styles.actions}>{children}</div>
      </div>
    </>
  );
}
