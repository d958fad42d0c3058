import { Button, makeStyles, Text, Title3 } from "@fluentui/react-components";
import { type FormEvent, useState } from "react";
import type { Customer, CustomerCreationOperation } from "../../../src/client/types.ts";
import { ApiError } from "../api/api.ts";
import { useCountryRules } from "../fields/country-rules.ts";
import { countryPath, customerFields } from "../fields/customer-fields.ts";
import { useFaultFocus } from "../fields/fault-focus.ts";
import { sortFaults, standingFaults } from "../fields/faults.ts";
import { FieldForm, OtherFaults } from "../fields/field-form.tsx";
import { readFields, updateBody } from "../fields/field-values.ts";
import { useKeptFocus } from "../shell/main-focus.ts";
import { texts } from "../texts.ts";
import { useRetry } from "./operation-actions.ts";

const useStyles = makeStyles({ form: { maxWidth: "900px", marginTop: "24px" }, title: { margin: "0 0 8px" } });

const paths = customerFields.map(({ path }) => path);
const groups = ["company", "contact", "address", "communication"] as const;

interface Props {
  readonly operation: CustomerCreationOperation;
  readonly customer: Customer;
}

/** Corrects the customer of a failed operation and tries again. What the operation failed of stands at its field. */
export function RetryForm({ operation, customer }: Props) {
  const styles = useStyles();
  const form = useKeptFocus<HTMLFormElement>();
  const retry = useRetry();
  const before = readFields(customer);
  const [values, setValues] = useState(before);
  // What was written when it was tried last.
  const [tried, setTried] = useState(before);
  const rules = useCountryRules(readFields(customer, [countryPath])[countryPath] ?? "");
  const { error } = operation;
  // What it failed of as a whole is said above the form already.
  const failed = sortFaults(error === null ? [] : [error, ...error.details], paths);
  const faults =
    retry.error instanceof ApiError
      ? standingFaults(sortFaults(retry.error.faults, paths), tried, values)
      : standingFaults({ ...failed, others: [] }, before, values);
  useFaultFocus(form, retry.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(values);
    const customerChanges = updateBody(before, values);
    const isCorrected = Object.keys(customerChanges).length > 0;
    retry.mutate({ id: operation.id, ...(isCorrected ? { customer: customerChanges } : {}) });
  };
  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      <Title3 as="h2" className={styles.title}>
        {texts.operation.correct}
      </Title3>
      <Text as="p" block>
        {operation.isRetryable === true ? texts.operation.mayPass : texts.operation.mustBeCorrected}
      </Text>
      <OtherFaults error={retry.error} faults={faults} />
      <FieldForm
        groups={groups}
        values={values}
        rules={rules}
        faults={faults}
        onChange={(path, value) => setValues((now) => ({ ...now, [path]: value }))}
      />
      <Button type="submit" appearance="primary" disabledFocusable={retry.isPending}>
        {texts.retry}
      </Button>
    </form>
  );
}
