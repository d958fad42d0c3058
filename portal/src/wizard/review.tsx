import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles } from "@fluentui/react-components";
import type { CustomerValidation } from "../../../src/client/types.ts";
import { PropertyList } from "../customers/property-list.tsx";
import { useCountryRules } from "../fields/country-rules.ts";
import { countryPath, customerFields, domainPath, labelOf, nameFields, readable } from "../fields/customer-fields.ts";
import { readFields } from "../fields/field-values.ts";
import { texts } from "../texts.ts";

const useStyles = makeStyles({ warnings: { marginBottom: "16px" } });

/** The customer as it would be kept, and what someone should look at before. */
export function Review({ validation }: { readonly validation: CustomerValidation }) {
  const styles = useStyles();
  const values = readFields(validation.customer, [countryPath, domainPath]);
  const rules = useCountryRules(values[countryPath] ?? "");
  const paths = [countryPath, domainPath, ...customerFields.map(({ path }) => path)];
  const given = paths.filter((path) => (values[path] ?? "") !== "");
  return (
    <>
      {validation.warnings.length === 0 ? null : (
        <MessageBar className={styles.warnings} intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{texts.wizard.warnings}</MessageBarTitle>
            {validation.warnings.map(({ code, target, message }) => (
              <div key={`${code} ${target}`}>{nameFields(message)}</div>
            ))}
          </MessageBarBody>
        </MessageBar>
      )}
      <PropertyList
        properties={given.map((path) => [labelOf(path, rules), readable(path, values[path] ?? "", rules)])}
      />
    </>
  );
}
