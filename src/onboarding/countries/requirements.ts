/** What an address must have in a country, besides its first line. */
export interface AddressRequirements {
  readonly city: boolean;
  readonly state: boolean;
  readonly postalCode: boolean;
}

/**
 * Tells what an address must have. Source: the required fields of libaddressinput, which follow the addressing systems
 * of the Universal Postal Union; a state is asked for only where ISO 3166-2 has subdivisions to choose from.
 */
export function addressRequirements(country: string): AddressRequirements {
  return {
    city: !withoutCity.has(country),
    state: withState.has(country),
    postalCode: withPostalCode.has(country),
  };
}

/** Whether a state must be one of the list: the four countries for which Partner Center documents that it looks there. */
export function hasClosedStates(country: string): boolean {
  return closedStates.has(country);
}

const codes = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const closedStates = codes("CA CN MX US");

const withoutCity = codes("AD AG AQ GI HK KY MO NR SG SM VG");

const withState = codes("AD AU BR CA CN ES HN IN IQ IT JM JP KN KR MX NR PG SO SV TW US VE");

const withPostalCode = codes(
  "AS AT AU AX BE BL BR CA CH CN DE DK ES FI FK FM FR GB GF GG GL GP GR GS GU IM IN IO IT JE JP KR LI LU MF MH MP MQ MX " +
    "MY NC NL NO NZ PF PL PM PN PR PT PW RE RU SE SG SH SJ SM TC TR TW US VI WF YT ZA",
);
