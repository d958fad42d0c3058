import { Spinner } from "@fluentui/react-components";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { texts } from "../texts.ts";
import { Failure } from "./failure.tsx";
import { PageHead } from "./page-head.tsx";
import type { Crumb } from "./trail.tsx";

interface Props<T> {
  readonly query: Pick<UseQueryResult<T>, "data" | "error" | "refetch">;
  /** What stands above the page as long as there is nothing to show. */
  readonly title: string;
  readonly trail: readonly Crumb[];
  readonly children: (data: T) => ReactNode;
}

/** A page about something that is read first. What was read once stays, when it cannot be read again. */
export function Loaded<T>({ query: { data, error, refetch }, title, trail, children }: Props<T>) {
  const failure = error === null ? null : <Failure error={error} onRetry={refetch} />;
  if (data !== undefined) {
    return (
      <>
        {failure}
        {children(data)}
      </>
    );
  }
  return (
    <>
      <PageHead title={title} trail={trail} />
      {failure ?? <Spinner label={texts.loading} />}
    </>
  );
}
