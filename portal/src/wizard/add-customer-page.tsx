import { Button, Field, makeStyles } from "@fluentui/react-components";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { CountryValidationRules, CustomerValidation } from "../../../src/client/types.ts";
import { ApiError, type Fault } from "../api/api.ts";
import { CountrySelect } from "../customers/country-select.tsx";
import { useCountryRules } from "../fields/country-rules.ts";
import { countryPath, culturePath, customerFields, domainPath, languagePath } from "../fields/customer-fields.ts";
import { useFaultFocus } from "../fields/fault-focus.ts";
import { faultAt, noFaults, sortFaults, standingFaults } from "../fields/faults.ts";
import { FieldForm, OtherFaults } from "../fields/field-form.tsx";
import type { FieldValues } from "../fields/field-values.ts";
import { customersCrumb } from "../shell/destinations.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { texts } from "../texts.ts";
import { useCreation, useRehearsal } from "./creation.ts";
import { DomainField } from "./domain-field.tsx";
import { useDraft } from "./draft.ts";
import { Review } from "./review.tsx";
import { type Step, StepList, steps } from "./step-list.tsx";

const useStyles = makeStyles({
  form: { maxWidth: "900px" },
  country: { maxWidth: "480px", marginBottom: "20px" },
  actions: { display: "flex", gap: "8px", marginTop: "24px" },
});

/** What each step asks for. */
const pathsOf: Readonly<Record<Step, readonly string[]>> = {
  company: [
    countryPath,
    domainPath,
    ...customerFields.filter(({ group }) => group === "company").map(({ path }) => path),
  ],
  contact: customerFields.filter(({ group }) => group !== "company").map(({ path }) => path),
  review: [],
};
const allPaths = steps.flatMap((step) => pathsOf[step]);

/** Adds a customer, step by step. The server is asked after each what is wrong, and nothing is created before the end. */
export function AddCustomerPage() {
  const styles = useStyles();
  const { values, change, rules, step, faults, validation, isBusy, failure, form, goBack, goOn } = useWizard();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void goOn();
  };
  const changeOne = (path: string, value: string) => change({ [path]: value });
  return (
    <form ref={form} onSubmit={submit} className={styles.form} noValidate>
      <PageHead title={texts.wizard.title} trail={[customersCrumb]} />
      <StepList step={step} />
      <OtherFaults error={failure} faults={faults} />
      {step === "company" ? (
        <>
          <Field
            className={styles.country}
            label={texts.fields.labels.country}
            required
            hint={texts.wizard.countryHint}
            {...faultAt(faults.byField[countryPath])}
          >
            <CountrySelect
              name={countryPath}
              all={texts.fields.choose}
              value={values[countryPath] ?? ""}
              onChange={(country) => changeOne(countryPath, country)}
            />
          </Field>
          <FieldForm groups={["company"]} values={values} rules={rules} faults={faults} onChange={changeOne} />
          <DomainField
            value={values[domainPath] ?? ""}
            fault={faults.byField[domainPath]}
            onChange={(domain) => changeOne(domainPath, domain)}
          />
        </>
      ) : null}
      {step === "contact" ? (
        <FieldForm
          groups={["contact", "address", "communication"]}
          values={values}
          rules={rules}
          faults={faults}
          onChange={changeOne}
        />
      ) : null}
      {step === "review" && validation !== undefined ? <Review validation={validation} /> : null}
      <div className={styles.actions}>
        {step === "company" ? null : <Button onClick={goBack}>{texts.wizard.back}</Button>}
        <Button type="submit" appearance="primary" disabledFocusable={isBusy}>
          {texts.wizard.goOn[step]}
        </Button>
      </div>
    </form>
  );
}

function useWizard() {
  const navigate = useNavigate();
  const draft = useDraft();
  const { values, change } = draft;
  const rules = useCountryRules(values[countryPath] ?? "");
  useSpeechOf(rules, values, change);
  const [step, setStep] = useState<Step>("company");
  const [faults, setFaults] = useState(noFaults);
  // What was written when they were found.
  const [found, setFound] = useState(values);
  const rehearsal = useRehearsal();
  const creation = useCreation();
  const form = useRef<HTMLFormElement>(null);
  useFaultFocus(form, faults === noFaults ? null : faults);
  const show = (listed: readonly Fault[]) => {
    const at = steps.find((each) => pathsOf[each].some((path) => listed.some(({ target }) => target === path)));
    setFaults(sortFaults(listed, allPaths));
    setFound(values);
    if (at !== undefined) setStep(at);
  };
  const rehearse = async () => {
    const { errors } = await rehearsal.mutateAsync(values);
    const upToHere = steps.slice(0, steps.indexOf(step) + 1).flatMap((each) => pathsOf[each]);
    // What later steps ask for is not missing yet; what belongs to no step is for the last to say.
    const isDue = ({ target }: Fault) => step === "contact" || upToHere.includes(target ?? "");
    const due = errors.filter(isDue);
    if (due.length > 0) return show(due);
    setFaults(noFaults);
    setStep(step === "company" ? "contact" : "review");
  };
  const create = async () => {
    const operation = await creation.mutateAsync(values);
    draft.forget();
    navigate(`/operations/${operation}`);
  };
  const goOn = async () => {
    try {
      await (step === "review" ? create() : rehearse());
    } catch (error) {
      if (!(error instanceof ApiError)) return;
      show(error.faults);
    }
  };
  const failure = rehearsal.error ?? creation.error;
  const goBack = () => setStep(step === "review" ? "contact" : "company");
  const validation: CustomerValidation | undefined = rehearsal.data;
  const isBusy = rehearsal.isPending || creation.isPending;
  const standing = standingFaults(faults, found, values);
  return { values, change, rules, step, faults: standing, validation, isBusy, failure, form, goBack, goOn };
}

/** Proposes the culture and the language of the country where none that it knows is chosen. */
function useSpeechOf(
  rules: CountryValidationRules | undefined,
  values: FieldValues,
  change: (changed: FieldValues) => void,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another country proposes anew
  useEffect(() => {
    if (rules === undefined) return;
    const { defaultCulture, supportedCultures, supportedLanguages } = rules;
    if (!supportedCultures.includes(values[culturePath] ?? "")) change({ [culturePath]: defaultCulture });
    if (!supportedLanguages.includes(values[languagePath] ?? ""))
      change({ [languagePath]: supportedLanguages[0] ?? "" });
  }, [rules]);
}
