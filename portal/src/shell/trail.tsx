import {
  Breadcrumb,
  BreadcrumbButton,
  BreadcrumbDivider,
  BreadcrumbItem,
  makeStyles,
  Text,
} from "@fluentui/react-components";
import { Fragment, type MouseEvent } from "react";
import { useHref, useLinkClickHandler } from "react-router";
import { texts } from "../texts.ts";

const useStyles = makeStyles({
  trail: { marginLeft: "-8px", marginBottom: "4px" },
  list: { flexWrap: "wrap" },
  link: { textDecorationLine: "none" },
  here: { padding: "0 8px" },
});

/** A page above the one that is shown. */
export interface Crumb {
  readonly to: string;
  readonly label: string;
}

/** The pages above this one, the way back to them, and where one is. */
export function Trail({ above, here }: { readonly above: readonly Crumb[]; readonly here: string }) {
  const styles = useStyles();
  return (
    <Breadcrumb className={styles.trail} list={{ className: styles.list }} aria-label={texts.shell.trail}>
      {above.map((crumb) => (
        <Fragment key={crumb.to}>
          <BreadcrumbItem>
            <CrumbLink {...crumb} />
          </BreadcrumbItem>
          <BreadcrumbDivider />
        </Fragment>
      ))}
      <BreadcrumbItem>
        {/* Not the button that Fluent has for it: there is nothing to press. */}
        <Text weight="semibold" className={styles.here} aria-current="page">
          {here}
        </Text>
      </BreadcrumbItem>
    </Breadcrumb>
  );
}

function CrumbLink({ to, label }: Crumb) {
  const styles = useStyles();
  const href = useHref(to);
  const follow = useLinkClickHandler<HTMLAnchorElement>(to);
  return (
    <BreadcrumbButton
      as="a"
      href={href}
      className={styles.link}
      onClick={(event: MouseEvent<HTMLAnchorElement>) => follow(event)}
    >
      {label}
    </BreadcrumbButton>
  );
}
