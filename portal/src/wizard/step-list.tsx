import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import { texts } from "../texts.ts";

const useStyles = makeStyles({
  list: { display: "flex", flexWrap: "wrap", gap: "4px 24px", listStyleType: "none", margin: "0 0 24px", padding: 0 },
  step: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    color: tokens.colorNeutralForeground3,
    outlineStyle: "none",
  },
  current: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  number: {
    display: "grid",
    placeItems: "center",
    width: "26px",
    height: "26px",
    borderRadius: "50%",
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
  },
  currentNumber: {
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
    border: `1px solid ${tokens.colorBrandBackground}`,
  },
});

/** The steps of the wizard, in their order. */
export const steps = ["company", "contact", "review"] as const;
export type Step = (typeof steps)[number];

/** Shows which step of all one is at. */
export function StepList({ step }: { readonly step: Step }) {
  const styles = useStyles();
  const current = useRef<HTMLLIElement>(null);
  const before = useRef(step);
  // A step that begins has the focus: it is heard, and its fields come next.
  useEffect(() => {
    if (before.current !== step) current.current?.focus();
    before.current = step;
  }, [step]);
  return (
    <ol className={styles.list} aria-label={texts.wizard.steps}>
      {steps.map((each, index) => (
        <li
          key={each}
          className={mergeClasses(styles.step, each === step && styles.current)}
          {...(each === step ? { ref: current, tabIndex: -1, "aria-current": "step" } : {})}
        >
          <span className={mergeClasses(styles.number, each === step && styles.currentNumber)}>{index + 1}</span>
          {texts.wizard.stepNames[each]}
        </li>
      ))}
    </ol>
  );
}
