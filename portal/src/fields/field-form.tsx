import { Field, Input, MessageBar, MessageBarBody, makeStyles, Select, Subtitle2 } from "@fluentui/react-components";
import { useId } from "react";
import type { CountryValidationRules } from "../../../src/client/types.ts";
import { ApiError } from "../api/api.ts";
import { Failure } from "../shell/failure.tsx";
import { texts } from "../texts.ts";
import { type CustomerField, customerFields, type FieldGroup, type FieldRules, nameFields } from "./customer-fields.ts";
import { faultAt, type SortedFaults } from "./faults.ts";
import type { FieldValues } from "./field-values.ts";

const useStyles = makeStyles({
  group: { border: "none", margin: "0 0 20px", padding: 0, minWidth: 0 },
  legend: { padding: 0 },
  title: { margin: 0 },
  fields: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(260px, 100%), 1fr))",
    gap: "12px 16px",
    alignItems: "start",
    marginTop: "8px",
  },
});

interface Props {
  readonly groups: readonly FieldGroup[];
  readonly values: FieldValues;
  readonly rules: CountryValidationRules | undefined;
  readonly faults: SortedFaults;
  readonly onChange: (path: string, value: string) => void;
}

/** The fields of a customer, as the rules of its country want them, each with what the server found wrong with it. */
export function FieldForm({ groups, values, rules, faults, onChange }: Props) {
  const styles = useStyles();
  return groups.map((group) => (
    <fieldset key={group} className={styles.group}>
      <legend className={styles.legend}>
        <Subtitle2 as="h2" className={styles.title}>
          {texts.fields.groups[group]}
        </Subtitle2>
      </legend>
      <div className={styles.fields}>
        {customerFields
          .filter((field) => field.group === group)
          .map((field) => (
            <CustomerInput
              key={field.path}
              field={field}
              rules={field.rules(rules)}
              value={values[field.path] ?? ""}
              fault={faults.byField[field.path]}
              onChange={onChange}
            />
          ))}
      </div>
    </fieldset>
  ));
}

interface InputProps {
  readonly field: CustomerField;
  readonly rules: FieldRules | null;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onChange: Props["onChange"];
}

function CustomerInput({ field, rules, value, fault, onChange }: InputProps) {
  const id = useId();
  // What a country does not know is asked for only where there is something already, so that it can be put right.
  if (rules === null && value === "" && fault === undefined) return null;
  const { isRequired = false, hint = "", choices = [], label = field.label } = rules ?? {};
  const common = { id, name: field.path, value };
  return (
    <Field label={label} required={isRequired} hint={hint} {...faultAt(fault)}>
      {choices.length === 0 ? (
        <Input {...common} autoComplete="off" onChange={(_, typed) => onChange(field.path, typed.value)} />
      ) : (
        <Select {...common} onChange={(_, chosen) => onChange(field.path, chosen.value)}>
          <option value="">{texts.fields.choose}</option>
          {[...choices, ...unlisted(field, value, choices)].map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

// What stands there already is shown even where the rules do not list it.
function unlisted({ nameOf }: CustomerField, value: string, choices: NonNullable<FieldRules["choices"]>) {
  return value === "" || choices.some((choice) => choice.value === value)
    ? []
    : [{ value, label: nameOf?.(value) ?? value }];
}

/** What is wrong and belongs to no field that is shown. */
export function OtherFaults({
  error = null,
  faults,
}: {
  readonly error?: Error | null;
  readonly faults: SortedFaults;
}) {
  if (error !== null && !(error instanceof ApiError)) return <Failure error={error} />;
  if (faults.others.length === 0) return null;
  return (
    <MessageBar intent="error" layout="multiline" politeness="assertive">
      <MessageBarBody>
        {faults.others.map((fault) => (
          <div key={`${fault.code} ${fault.target} ${fault.message}`}>{nameFields(fault.message)}</div>
        ))}
      </MessageBarBody>
    </MessageBar>
  );
}
