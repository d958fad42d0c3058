import { Button, makeStyles, Tab, TabList, useRestoreFocusTarget } from "@fluentui/react-components";
import { DeleteRegular, EditRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import type { CountryValidationRules, Customer } from "../../../src/client/types.ts";
import { useApi } from "../api/api-context.tsx";
import { useCountryRules } from "../fields/country-rules.ts";
import {
  countryPath,
  culturePath,
  labelOf,
  languagePath,
  readable,
  registrationNumberPath,
  statePath,
} from "../fields/customer-fields.ts";
import { readFields } from "../fields/field-values.ts";
import { customersCrumb } from "../shell/destinations.tsx";
import { Loaded } from "../shell/loaded.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { useTabStyles } from "../shell/tab-styles.ts";
import { texts } from "../texts.ts";
import { nameOfCustomer } from "./columns.tsx";
import { CustomerHistory } from "./customer-history.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { formatInstant } from "./format.ts";
import { LifecycleBadge } from "./lifecycle-badge.tsx";
import { PropertyList } from "./property-list.tsx";

const useStyles = makeStyles({ panel: { marginTop: "16px" } });

const tabs = ["company", "billing", "history"] as const;
type TabName = (typeof tabs)[number];

/** Everything about one customer. */
export function CustomerPage() {
  const { id = "" } = useParams();
  const api = useApi();
  const query = useQuery({
    queryKey: ["customer", id],
    queryFn: () => api.read<Customer>(`/customers/${encodeURIComponent(id)}`),
  });
  return (
    <Loaded query={query} title={texts.customer.title} trail={[customersCrumb]}>
      {(customer) => <CustomerDetails customer={customer} />}
    </Loaded>
  );
}

function CustomerDetails({ customer }: { readonly customer: Customer }) {
  const styles = useStyles();
  const tabStyles = useTabStyles();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams();
  const [isDeleting, setDeleting] = useState(false);
  // Where the focus goes when the question is answered.
  const restored = useRestoreFocusTarget();
  const tab = tabs.find((each) => each === parameters.get("tab")) ?? "company";
  return (
    <>
      <PageHead title={nameOfCustomer(customer)} trail={[customersCrumb]}>
        <Button icon={<EditRegular />} onClick={() => navigate(`/customers/${customer.id}/edit`)}>
          {texts.customer.edit}
        </Button>
        <Button {...restored} icon={<DeleteRegular />} onClick={() => setDeleting(true)}>
          {texts.customer.delete}
        </Button>
      </PageHead>
      <LifecycleBadge state={customer.lifecycleState} />
      <TabList
        className={tabStyles.list}
        selectedValue={tab}
        onTabSelect={(_, { value }) => setParameters(value === "company" ? {} : { tab: String(value) })}
      >
        {tabs.map((each) => (
          <Tab key={each} id={`tab-${each}`} value={each} aria-controls="panel">
            {texts.customer.tabs[each]}
          </Tab>
        ))}
      </TabList>
      <div id="panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className={styles.panel}>
        <Panel tab={tab} customer={customer} />
      </div>
      {isDeleting ? <DeleteDialog customer={customer} onClose={() => setDeleting(false)} /> : null}
    </>
  );
}

function Panel({ tab, customer }: { readonly tab: TabName; readonly customer: Customer }) {
  const rules = useCountryRules(customer.billingProfile.defaultAddress?.country ?? "");
  if (tab === "history") return <CustomerHistory customer={customer} />;
  return <PropertyList properties={tab === "company" ? companyOf(customer, rules) : billingOf(customer, rules)} />;
}

type Rules = CountryValidationRules | undefined;

const { labels } = texts.fields;
const more = texts.customer.properties;

function companyOf(customer: Customer, rules: Rules) {
  const { companyProfile: company } = customer;
  return [
    [more.name, company.companyName],
    [labels.domain, company.domain],
    [more.customDomains, customer.customDomains.join(", ")],
    [labelOf(registrationNumberPath, rules), company.organizationRegistrationNumber],
    [more.id, customer.id],
    [more.tenantId, customer.tenantId],
    [more.externalId, customer.externalId],
    [more.relationship, texts.relationships[customer.relationshipToPartner]],
    [more.delegatedAccess, texts.yesOrNo(customer.allowDelegatedAccess)],
    [more.validation, texts.validation[customer.validationStatus]],
    [more.created, formatInstant(customer.createdDateTime)],
    [more.modified, formatInstant(customer.lastModifiedDateTime)],
  ] as const;
}

function billingOf(customer: Customer, rules: Rules) {
  const { billingProfile: billing } = customer;
  const place = billing.defaultAddress;
  const lines = [place?.addressLine1, place?.addressLine2, place?.addressLine3];
  const values = readFields(customer, [countryPath]);
  const named = (path: string) => readable(path, values[path] ?? "", rules);
  return [
    [labels.billingName, billing.companyName],
    [labels.firstName, billing.firstName],
    [labels.lastName, billing.lastName],
    [labels.email, billing.email],
    [labels.phoneNumber, place?.phoneNumber ?? null],
    [labels.addressLine1, lines.filter((line) => typeof line === "string").join(", ")],
    [labels.city, place?.city ?? null],
    [labels.state, named(statePath)],
    [labels.postalCode, place?.postalCode ?? null],
    [labels.country, named(countryPath)],
    [labels.culture, named(culturePath)],
    [labels.language, named(languagePath)],
    [more.billingId, billing.id],
  ] as const;
}
