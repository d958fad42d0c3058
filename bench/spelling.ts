import { customerBody, domainOf } from "./customer-body.ts";

/** How the same things are said to servers whose APIs differ. */
export interface Spelling {
  /** The path of a property, in query options. */
  readonly property: (...names: readonly string[]) => string;
  readonly customer: (label: string) => object;
  /** The last part of the URL at which the customer of an operation is added, and what is sent for a bare 204. */
  readonly attach: { readonly segment: string; readonly headers: Readonly<Record<string, string>> };
  /** What adds an operation with its customer by one request. */
  readonly addBoth: { readonly url: string; readonly body: (label: string) => object };
}

/** Ours, which is that of Microsoft Graph. */
export const graphSpelling: Spelling = {
  property: (...names) => names.join("/"),
  customer: customerBody,
  attach: { segment: "customer/$ref", headers: {} },
  addBoth: { url: "/customers", body: customerBody },
};

/** That of CAP, which makes one flat name of the parts of a structure. */
export const capSpelling: Spelling = {
  property: (...names) => names.join("_"),
  customer: flatCustomer,
  attach: { segment: "customer", headers: { prefer: "return=minimal" } },
  addBoth: {
    url: "/customerCreationOperations",
    body: (label) => ({ domain: domainOf(label), customer: [flatCustomer(label)] }),
  },
};

function flatCustomer(label: string): object {
  return { ...Object.fromEntries(flatten(customerBody(label))), customDomains: [domainOf(label)] };
}

function flatten(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([name, part]): readonly (readonly [string, unknown])[] => {
    if (typeof part !== "object" || part === null) return [[name, part]];
    return flatten(part).map(([rest, leaf]) => [`${name}_${rest}`, leaf]);
  });
}
