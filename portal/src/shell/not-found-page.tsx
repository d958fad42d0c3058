import { texts } from "../texts.ts";
import { PageHead } from "./page-head.tsx";
import { RouteLink } from "./route-link.tsx";

/** The page of an address that leads nowhere. */
export function NotFoundPage() {
  return (
    <>
      <PageHead title={texts.notFound.title} />
      <RouteLink to="/customers">{texts.notFound.back}</RouteLink>
    </>
  );
}
