import { makeStyles, mergeClasses, ProgressBar, Text, tokens } from "@fluentui/react-components";
import {
  CheckmarkCircleFilled,
  CircleRegular,
  DismissCircleFilled,
  type FluentIcon,
  SpinnerIosRegular,
} from "@fluentui/react-icons";
import type { CustomerCreationOperation, CustomerCreationOperationStage } from "../../../src/client/types.ts";
import { formatInstant } from "../customers/format.ts";
import { texts } from "../texts.ts";

const wide = "@media (min-width: 600px)";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: "16px 0", padding: 0 },
  stage: {
    display: "grid",
    gridTemplateColumns: "20px 1fr",
    alignItems: "center",
    columnGap: "12px",
    padding: "8px 0",
    [wide]: { gridTemplateColumns: "20px 220px 1fr" },
  },
  done: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  current: { color: tokens.colorBrandForeground1 },
  later: { color: tokens.colorNeutralForeground3 },
  // Below the name where the screen is narrow, beside it otherwise.
  time: { gridColumnStart: 2, color: tokens.colorNeutralForeground3, [wide]: { gridColumnStart: 3 } },
  turning: {
    animationName: { from: { transform: "rotate(0deg)" }, to: { transform: "rotate(360deg)" } },
    animationDuration: "1.5s",
    animationIterationCount: "infinite",
    animationTimingFunction: "linear",
    "@media (prefers-reduced-motion: reduce)": { animationName: "none" },
  },
});

/** The stages that a customer goes through, in their order. */
const stages: readonly CustomerCreationOperationStage[] = [
  "domainReserved",
  "validating",
  "provisioningTenant",
  "linkingPartner",
  "creatingBillingAccount",
  "issuingCredentials",
  "publishing",
  "completed",
];

type State = "done" | "current" | "failed" | "later";

const icons: Readonly<Record<State, FluentIcon>> = {
  done: CheckmarkCircleFilled,
  current: SpinnerIosRegular,
  failed: DismissCircleFilled,
  later: CircleRegular,
};

/** How far an operation is, stage by stage, with the time of each. */
export function Timeline({ operation }: { readonly operation: CustomerCreationOperation }) {
  const styles = useStyles();
  const { status, stage, percentComplete } = operation;
  return (
    <section aria-label={texts.operation.timeline}>
      <ProgressBar
        value={percentComplete / 100}
        color={status === "failed" ? "error" : status === "succeeded" ? "success" : "brand"}
        aria-label={texts.operation.progress}
      />
      <Text role="status" as="p" block>
        {texts.operation.announcement(texts.statuses[status], texts.stages[stage], percentComplete)}
      </Text>
      <ol className={styles.list}>
        {stages.map((each) => {
          const state = stateOf(each, operation);
          const Icon = icons[state];
          return (
            <li key={each} className={styles.stage} {...(state === "current" ? { "aria-current": "step" } : {})}>
              <Icon
                fontSize={20}
                className={mergeClasses(styles[state], state === "current" && styles.turning)}
                aria-label={texts.operation.states[state]}
              />
              <span>{texts.stages[each]}</span>
              <span className={styles.time}>{formatInstant(timeOf(each, operation), { seconds: true })}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function stateOf(stage: CustomerCreationOperationStage, operation: CustomerCreationOperation): State {
  const [at, reached] = [stages.indexOf(stage), stages.indexOf(operation.stage)];
  if (operation.status === "succeeded" || at < reached) return "done";
  if (at > reached) return "later";
  if (operation.status === "failed" || operation.status === "canceled") return "failed";
  // Nothing goes on before a customer is attached: the domain is reserved, and that is all.
  return operation.status === "running" ? "current" : "done";
}

// A stage may be reached more than once, when it was tried again: the last time counts.
function timeOf(stage: CustomerCreationOperationStage, { history }: CustomerCreationOperation): string | null {
  return history.findLast((each) => each.stage === stage)?.transitionDateTime ?? null;
}
