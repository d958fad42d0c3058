import { Button, Checkbox, Field, Input, makeStyles, Select } from "@fluentui/react-components";
import { type FormEvent, useId, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { ApiError } from "../api/api.ts";
import { useFaultFocus } from "../fields/fault-focus.ts";
import { faultAt, noFaults, type SortedFaults, sortFaults, standingFaults } from "../fields/faults.ts";
import { OtherFaults } from "../fields/field-form.tsx";
import type { FieldValues } from "../fields/field-values.ts";
import { subscriptionsCrumb } from "../shell/destinations.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { texts } from "../texts.ts";
import { printLocal } from "./local-instant.ts";
import { useSubscribe } from "./subscription-actions.ts";
import { changeTypes, printSubscription, resources, type Wish, wishPaths } from "./subscription-wish.ts";

const useStyles = makeStyles({
  form: { maxWidth: "900px" },
  fields: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(360px, 100%), 1fr))",
    gap: "12px 16px",
    alignItems: "start",
    margin: "8px 0 20px",
  },
  changes: { border: "none", margin: 0, padding: 0, minWidth: 0 },
  legend: { padding: 0 },
  actions: { display: "flex", gap: "8px" },
});

const dayMilliseconds = 86_400_000;
const daysDefault = 7;
const { form } = texts.subscriptions;

/** Subscribes to changes. What the server has to complain of stands at its field. */
export function SubscribePage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const subscribe = useSubscribe();
  const [wish, setWish] = useState(newWish);
  // What was asked for when the server complained.
  const [asked, setAsked] = useState<FieldValues>({});
  const { error } = subscribe;
  const body = printSubscription(wish);
  const faults =
    error instanceof ApiError ? standingFaults(sortFaults(error.faults, wishPaths), asked, body) : noFaults;
  const element = useRef<HTMLFormElement>(null);
  useFaultFocus(element, error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(body);
    subscribe.mutate(body, { onSuccess: ({ id }) => navigate(`/subscriptions/${id}`) });
  };
  return (
    <form ref={element} className={styles.form} onSubmit={submit} noValidate>
      <PageHead title={form.title} trail={[subscriptionsCrumb]} />
      <OtherFaults error={error} faults={faults} />
      <WishFields wish={wish} faults={faults} onChange={(changed) => setWish((now) => ({ ...now, ...changed }))} />
      <div className={styles.actions}>
        <Button type="submit" appearance="primary" disabledFocusable={subscribe.isPending}>
          {form.submit}
        </Button>
        <Button onClick={() => navigate("/subscriptions")}>{texts.cancel}</Button>
      </div>
    </form>
  );
}

function newWish(): Wish {
  return {
    resource: "customers",
    key: "",
    changes: changeTypes,
    url: "",
    lifecycleUrl: "",
    expires: printLocal(new Date(Date.now() + daysDefault * dayMilliseconds)),
    clientState: "",
    filter: "",
  };
}

interface FieldsProps {
  readonly wish: Wish;
  readonly faults: SortedFaults;
  readonly onChange: (changed: Partial<Wish>) => void;
}

function WishFields({ wish, faults: { byField }, onChange }: FieldsProps) {
  const styles = useStyles();
  // The resource is made of two fields: what is wrong with it stands at the one that was filled last.
  const [setFault, keyFault] = wish.key === "" ? [byField["resource"], undefined] : [undefined, byField["resource"]];
  return (
    <div className={styles.fields}>
      <Field label={form.resource} required {...faultAt(setFault)}>
        <Select name="resource" value={wish.resource} onChange={(_, { value }) => onChange({ resource: value })}>
          {resources.map((each) => (
            <option key={each} value={each}>
              {texts.subscriptions.resources[each]}
            </option>
          ))}
        </Select>
      </Field>
      <TextField name="key" label={form.key} hint={form.keyHint} fault={keyFault} wish={wish} onChange={onChange} />
      <ChangeTypes wish={wish} fault={byField["changeType"]} onChange={onChange} />
      <Field label={form.expires} required hint={form.expiresHint} {...faultAt(byField["expirationDateTime"])}>
        <Input
          type="datetime-local"
          name="expires"
          value={wish.expires}
          onChange={(_, { value }) => onChange({ expires: value })}
        />
      </Field>
      {textFields.map(({ name, path, ...words }) => (
        <TextField key={name} name={name} {...words} fault={byField[path]} wish={wish} onChange={onChange} />
      ))}
    </div>
  );
}

const textFields = [
  { name: "url", path: "notificationUrl", label: form.url, hint: form.urlHint, required: true },
  { name: "lifecycleUrl", path: "lifecycleNotificationUrl", label: form.lifecycleUrl, hint: form.lifecycleUrlHint },
  { name: "clientState", path: "clientState", label: form.clientState, hint: form.clientStateHint },
  { name: "filter", path: "notificationQueryOptions", label: form.filter, hint: form.filterHint },
] as const;

interface TextFieldProps extends Pick<FieldsProps, "wish" | "onChange"> {
  readonly name: "key" | (typeof textFields)[number]["name"];
  readonly label: string;
  readonly hint: string;
  readonly required?: boolean;
  readonly fault: string | undefined;
}

function TextField({ name, label, hint, required = false, fault, wish, onChange }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} required={required} {...faultAt(fault)}>
      <Input
        name={name}
        autoComplete="off"
        value={wish[name]}
        onChange={(_, { value }) => onChange({ [name]: value })}
      />
    </Field>
  );
}

function ChangeTypes({
  wish,
  fault,
  onChange,
}: Pick<FieldsProps, "wish" | "onChange"> & { readonly fault: string | undefined }) {
  const styles = useStyles();
  const faultId = useId();
  const choose = (name: Wish["changes"][number], isChosen: boolean) =>
    onChange({ changes: changeTypes.filter((each) => (each === name ? isChosen : wish.changes.includes(each))) });
  // Not within a Field: that would give all of them the same id.
  return (
    <fieldset className={styles.changes} {...(fault === undefined ? {} : { "aria-describedby": faultId })}>
      <legend className={styles.legend}>{form.changes}</legend>
      {changeTypes.map((each) => (
        <Checkbox
          key={each}
          label={texts.subscriptions.changeTypes[each]}
          checked={wish.changes.includes(each)}
          onChange={(_, { checked }) => choose(each, checked === true)}
        />
      ))}
      {fault === undefined ? null : (
        <Field validationMessage={{ id: faultId, children: fault }} validationState="error" />
      )}
    </fieldset>
  );
}
