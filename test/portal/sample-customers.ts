const places = [
  { country: "PT", city: "Lisboa", postalCode: "1100-053", culture: "pt-PT", language: "pt", form: "Lda" },
  { country: "DE", city: "Berlin", postalCode: "10115", culture: "de-DE", language: "de", form: "GmbH" },
  { country: "FR", city: "Paris", postalCode: "75001", culture: "fr-FR", language: "fr", form: "SARL" },
] as const;
const names = [
  "Fabrikam",
  "Contoso",
  "Adventure Works",
  "Northwind",
  "Tailspin Toys",
  "Wingtip",
  "Litware",
  "Proseware",
] as const;

/** What the local provisioner makes of a customer: its tenant, or a failure for good, which its domain asks for. */
type Fate = "succeeds" | "failemail" | "failtenant";

/** The body of a customer of one of several countries, a different one for every index. */
export function sampleCustomer(index: number, fate: Fate = "succeeds"): object {
  const { form, culture, language, ...place } = places[index % places.length] ?? places[0];
  const name = names[index % names.length] ?? names[0];
  return {
    companyProfile: { domain: `${fate === "succeeds" ? "customer" : fate}${index}.onmicrosoft.com` },
    billingProfile: {
      // What the provisioner is to miss is left out.
      ...(fate === "failemail" ? {} : { email: `ana@${name.toLowerCase().replaceAll(" ", "")}.example` }),
      ...{ culture, language, companyName: `${name} ${form}` },
      defaultAddress: { ...place, addressLine1: `Rua Augusta ${index + 1}`, firstName: "Ana", lastName: "Reis" },
    },
  };
}
