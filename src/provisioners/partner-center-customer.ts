import type { customer } from "../model/customer.ts";
import type { EntityOf } from "../model/define.ts";

type Customer = EntityOf<typeof customer>;

/** Prints a customer as Partner Center wants it to be created. What is not there is left out: it refuses some nulls. */
export function printCustomer({ companyProfile, billingProfile, ...more }: Customer): object {
  const { associatedPartnerId, enableGDAPByDefault } = more;
  const { domain, companyName, organizationRegistrationNumber } = companyProfile;
  const { email, culture, language, firstName, lastName } = billingProfile;
  return withoutNulls({
    enableGDAPByDefault,
    associatedPartnerId,
    companyProfile: withoutNulls({ domain, organizationRegistrationNumber }),
    billingProfile: withoutNulls({
      email,
      culture,
      language,
      firstName,
      lastName,
      companyName: billingProfile.companyName ?? companyName,
      defaultAddress: printAddress(billingProfile.defaultAddress),
    }),
  });
}

/** Prints the address of a customer; null when it has none. */
export function printAddress(address: Customer["billingProfile"]["defaultAddress"]): object | null {
  if (address === null) return null;
  // `region` stays empty: with it, Partner Center refuses the right state.
  const { region: _region, district: _district, addressLine3: _line, ...printed } = address;
  return withoutNulls(printed);
}

function withoutNulls(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
