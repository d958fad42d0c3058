import { Link } from "@fluentui/react-components";
import type { MouseEvent, ReactNode } from "react";
import { useHref, useLinkClickHandler } from "react-router";

/** A link to a page of the portal that looks as all links do. */
export function RouteLink({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  const href = useHref(to);
  const follow = useLinkClickHandler<HTMLAnchorElement>(to);
  return (
    <Link href={href} inline onClick={(event: MouseEvent<HTMLAnchorElement>) => follow(event)}>
      {children}
    </Link>
  );
}
