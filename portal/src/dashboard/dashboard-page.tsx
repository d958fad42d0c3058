import { Button, Card, makeStyles, Spinner, Subtitle1, Text, tokens } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import { formatNumber } from "../customers/format.ts";
import { Failure } from "../shell/failure.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { RouteLink } from "../shell/route-link.tsx";
import { texts } from "../texts.ts";
import { BarChart, ColumnChart } from "./charts.tsx";
import { type Tile, useCounts, useCreations, useLastOperations } from "./dashboard-data.ts";
import { countReasons, measureOperations, measureStages } from "./statistics.ts";

const useStyles = makeStyles({
  tiles: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(130px, 1fr))",
    gap: "12px",
    margin: "0 0 16px",
    padding: 0,
    listStyleType: "none",
  },
  tile: { height: "100%", boxSizing: "border-box" },
  number: {
    fontSize: tokens.fontSizeHero800,
    lineHeight: tokens.lineHeightHero800,
    fontVariantNumeric: "tabular-nums",
  },
  charts: { display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(min(420px, 100%), 1fr))", gap: "16px" },
  wide: { gridColumn: "1 / -1" },
  title: { margin: 0 },
});

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "numeric", timeZone: "UTC" });

/** What goes on: how many there are, how many come, how long it takes and what fails. */
export function DashboardPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={texts.dashboard.title}>
        <Button appearance="primary" icon={<AddRegular />} onClick={() => navigate("/customers/new")}>
          {texts.shell.add}
        </Button>
      </PageHead>
      <Tiles />
      <div className={styles.charts}>
        <Creations />
        <DurationsChart />
        <Reasons />
      </div>
    </>
  );
}

/** Which page shows what a tile counts. */
const tiles: readonly { readonly name: Tile; readonly to: string }[] = [
  { name: "customers", to: "/customers" },
  { name: "active", to: "/customers?state=active" },
  { name: "failedCustomers", to: "/customers?state=failed" },
  { name: "running", to: "/operations?show=running" },
  { name: "failed", to: "/operations?show=failed" },
  { name: "expiring", to: "/operations?show=expiring" },
  { name: "retrying", to: "/subscriptions" },
];

function Tiles() {
  const styles = useStyles();
  const { data, error, refetch } = useCounts();
  if (error !== null && data === undefined) return <Failure error={error} onRetry={refetch} />;
  return (
    <ul className={styles.tiles} aria-busy={data === undefined}>
      {tiles.map(({ name, to }) => (
        <li key={name}>
          <Card className={styles.tile}>
            <Text className={styles.number}>{data === undefined ? "…" : printCount(data[name])}</Text>
            <RouteLink to={to}>{texts.dashboard.tiles[name]}</RouteLink>
          </Card>
        </li>
      ))}
    </ul>
  );
}

function printCount(count: number | undefined): string {
  return count === undefined ? texts.empty : formatNumber(count);
}

function Creations() {
  const styles = useStyles();
  const query = useCreations();
  return (
    <Part title={texts.dashboard.creations} query={query} className={styles.wide}>
      <ColumnChart
        label={texts.dashboard.creations}
        values={query.data ?? []}
        printLabel={(day) => dayFormat.format(new Date(day))}
      />
    </Part>
  );
}

function DurationsChart() {
  const query = useLastOperations("succeeded");
  const { data } = query;
  const whole = measureOperations(data ?? []);
  return (
    <Part title={texts.dashboard.durations} query={query}>
      {whole === undefined ? (
        <Text>{texts.dashboard.nothing}</Text>
      ) : (
        <>
          <Text>{texts.dashboard.percentiles(whole.p50, whole.p95, data?.length ?? 0)}</Text>
          <Text>{texts.dashboard.byStageShown}</Text>
          <BarChart
            label={texts.dashboard.byStage}
            values={measureStages(data ?? []).map(({ stage, p50, p95 }) => ({
              label: texts.stages[stage],
              value: p95,
              printed: texts.dashboard.both(p50, p95),
            }))}
          />
        </>
      )}
    </Part>
  );
}

function Reasons() {
  const query = useLastOperations("failed");
  const reasons = countReasons(query.data ?? []);
  return (
    <Part title={texts.dashboard.reasons} query={query}>
      {reasons.length === 0 ? (
        <Text>{texts.dashboard.nothing}</Text>
      ) : (
        <BarChart
          label={texts.dashboard.reasons}
          values={reasons.map(({ label, count }) => ({ label, value: count, printed: formatNumber(count) }))}
        />
      )}
    </Part>
  );
}

interface PartProps {
  readonly title: string;
  readonly query: Pick<UseQueryResult, "data" | "error" | "refetch">;
  readonly className?: string;
  readonly children: ReactNode;
}

function Part({ title, query: { data, error, refetch }, className, children }: PartProps) {
  const styles = useStyles();
  return (
    <Card className={className}>
      <Subtitle1 as="h2" className={styles.title}>
        {title}
      </Subtitle1>
      {error === null ? null : <Failure error={error} onRetry={refetch} />}
      {error === null && data === undefined ? <Spinner label={texts.loading} /> : null}
      {data === undefined ? null : children}
    </Card>
  );
}
