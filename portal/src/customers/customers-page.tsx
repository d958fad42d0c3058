import { Button, Text } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import type { Customer } from "../../../src/client/types.ts";
import type { Page } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import { Failure } from "../shell/failure.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { texts } from "../texts.ts";
import { CustomerGrid } from "./customer-grid.tsx";
import { FilterChips } from "./filter-chips.tsx";
import { ListBar } from "./list-bar.tsx";
import { useListPreferences } from "./list-preferences.ts";
import {
  type ListState,
  parseListState,
  printCountPath,
  printListPath,
  printListState,
  type SortColumn,
} from "./list-state.ts";
import { Pager } from "./pager.tsx";

/** The list of customers. The server pages, searches, filters and sorts; the address says what is shown. */
export function CustomersPage() {
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams();
  const [preferences, setPreferences] = useListPreferences();
  const state = parseListState(parameters);
  const { customers, count, error, retry } = useList(state);
  const change = (changed: Partial<ListState>) => {
    // Another list begins at its first page, and typing must not fill the history.
    setParameters(printListState({ ...state, page: 1, ...changed }), { replace: "search" in changed });
  };
  const sortBy = (sort: SortColumn) => change({ sort, descending: state.sort === sort && !state.descending });
  return (
    <>
      <PageHead title={texts.customers.title}>
        <Button appearance="primary" icon={<AddRegular />} onClick={() => navigate("/customers/new")}>
          {texts.shell.add}
        </Button>
      </PageHead>
      <ListBar state={state} onState={change} preferences={preferences} onPreferences={setPreferences} />
      <FilterChips state={state} onState={change} />
      {error === null ? null : <Failure error={error} onRetry={retry} />}
      {error !== null && customers === undefined ? null : (
        <CustomerGrid customers={customers} state={state} preferences={preferences} onSort={sortBy} />
      )}
      {count === 0 ? (
        <Text as="p" block>
          {texts.customers.none}
        </Text>
      ) : null}
      <Pager
        page={state.page}
        size={state.size}
        shown={customers?.length ?? 0}
        count={count}
        onPage={(page) => change({ page })}
        onSize={(size) => change({ size })}
      />
    </>
  );
}

/** What the server has for the list. The number of all is asked for when the rows are there: it may take longer. */
function useList(state: ListState) {
  const api = useApi();
  const now = new Date();
  const [path, countPath] = [printListPath(state, now), printCountPath(state, now)];
  const list = useQuery({
    queryKey: ["customers", path],
    queryFn: ({ signal }) => api.read<Page<Customer>>(path, { signal }),
    placeholderData: keepPreviousData,
  });
  const number = useQuery({
    queryKey: ["customers", countPath],
    queryFn: ({ signal }) => api.read<number>(countPath, { signal }),
    enabled: list.isSuccess && !list.isPlaceholderData,
  });
  return {
    customers: list.data?.value,
    count: number.data,
    error: list.error ?? number.error,
    retry: list.error === null ? number.refetch : list.refetch,
  };
}
