import { Button, Field, makeStyles, useRestoreFocusTarget } from "@fluentui/react-components";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useNavigate, useParams } from "react-router";
import type { Customer } from "../../../src/client/types.ts";
import { ApiError, errorOf } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import { useCountryRules } from "../fields/country-rules.ts";
import { countryPath, customerFields } from "../fields/customer-fields.ts";
import { useFaultFocus } from "../fields/fault-focus.ts";
import { faultAt, noFaults, sortFaults, standingFaults } from "../fields/faults.ts";
import { FieldForm, OtherFaults } from "../fields/field-form.tsx";
import { readFields, updateBody } from "../fields/field-values.ts";
import { customersCrumb } from "../shell/destinations.tsx";
import { Loaded } from "../shell/loaded.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { texts } from "../texts.ts";
import { nameOfCustomer } from "./columns.tsx";
import { ConflictDialog } from "./conflict-dialog.tsx";
import { CountrySelect } from "./country-select.tsx";

const useStyles = makeStyles({
  form: { maxWidth: "900px" },
  country: { maxWidth: "300px", marginBottom: "20px" },
  actions: { display: "flex", gap: "8px", marginTop: "8px" },
});

const paths = [...customerFields.map(({ path }) => path), countryPath];
const groups = ["company", "contact", "address", "communication"] as const;

/** Changes a customer. */
export function EditPage() {
  const { id = "" } = useParams();
  const api = useApi();
  const query = useQuery({
    // Not shared with the other pages: what is being edited must not change under the hands of the editor.
    queryKey: ["edited customer", id],
    queryFn: () => api.read<Customer>(`/customers/${encodeURIComponent(id)}`),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <Loaded query={query} title={texts.customer.title} trail={[customersCrumb]}>
      {(customer) => <EditForm customer={customer} />}
    </Loaded>
  );
}

function EditForm({ customer }: { readonly customer: Customer }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const before = readFields(customer, [countryPath]);
  const [values, setValues] = useState(before);
  // What was written when it was saved last.
  const [saved, setSaved] = useState(before);
  const rules = useCountryRules(values[countryPath] ?? "");
  const { save, conflict, forgetConflict } = useSave(customer);
  // Where the focus goes when the conflict is resolved or left.
  const restored = useRestoreFocusTarget();
  const refused = save.error instanceof ApiError ? sortFaults(save.error.faults, paths) : noFaults;
  const faults = standingFaults(refused, saved, values);
  const change = (path: string, value: string) => setValues((now) => ({ ...now, [path]: value }));
  const form = useRef<HTMLFormElement>(null);
  useFaultFocus(form, save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSaved(values);
    save.mutate({ etag: customer["@odata.etag"], body: updateBody(before, values) });
  };
  return (
    <form ref={form} onSubmit={submit} className={styles.form} noValidate>
      <PageHead
        title={texts.edit.title(nameOfCustomer(customer))}
        trail={[customersCrumb, { to: `/customers/${customer.id}`, label: nameOfCustomer(customer) }]}
        here={texts.customer.edit}
      />
      <OtherFaults error={save.error} faults={faults} />
      <Field className={styles.country} label={texts.fields.labels.country} {...faultAt(faults.byField[countryPath])}>
        <CountrySelect
          all={texts.fields.choose}
          value={values[countryPath] ?? ""}
          onChange={(country) => change(countryPath, country)}
        />
      </Field>
      <FieldForm groups={groups} values={values} rules={rules} faults={faults} onChange={change} />
      <div className={styles.actions}>
        <Button {...restored} type="submit" appearance="primary" disabledFocusable={save.isPending}>
          {texts.edit.save}
        </Button>
        <Button onClick={() => navigate(`/customers/${customer.id}`)}>{texts.cancel}</Button>
      </div>
      {conflict === undefined ? null : (
        <ConflictDialog
          before={before}
          mine={values}
          theirs={readFields(conflict, [countryPath])}
          onCancel={forgetConflict}
          onResolve={(chosen) => {
            setValues(chosen);
            setSaved(chosen);
            forgetConflict();
            save.mutate({
              etag: conflict["@odata.etag"],
              body: updateBody(readFields(conflict, [countryPath]), chosen),
            });
          }}
        />
      )}
    </form>
  );
}

/** Saves what was changed. When someone else has changed the customer meanwhile, gives it as it is now. */
function useSave(customer: Customer) {
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [conflict, setConflict] = useState<Customer>();
  const path = `/customers/${customer.id}`;
  const save = useMutation({
    mutationFn: async ({ etag, body }: { readonly etag: string; readonly body: object }) => {
      const answer = await api.send(path, { method: "PATCH", body, headers: { "If-Match": etag } });
      if (answer.status === 412) return api.read<Customer>(path);
      if (answer.status >= 400) throw errorOf(answer);
      return undefined;
    },
    onSuccess: (theirs) => {
      setConflict(theirs);
      if (theirs !== undefined) return;
      void client.invalidateQueries({ queryKey: ["customers"] });
      void client.invalidateQueries({ queryKey: ["customer", customer.id] });
      navigate(path);
    },
  });
  return { save, conflict, forgetConflict: () => setConflict(undefined) };
}
