/** The body of the seed call: a customer whose domain, names and address hold a label. */
export function customerBody(label: string) {
  return {
    externalId: label,
    companyProfile: { domain: domainOf(label), companyName: `Contoso ${label}` },
    billingProfile: {
      firstName: "Ana",
      lastName: "Ferreira",
      email: `ana.ferreira@${label}.example`,
      culture: "pt-PT",
      language: "pt",
      companyName: `Contoso ${label} Lda.`,
      defaultAddress: {
        country: "PT",
        addressLine1: "Rua do Comércio 14",
        city: "Lisboa",
        state: "Lisboa",
        postalCode: "1100-150",
        firstName: "Ana",
        lastName: "Ferreira",
        phoneNumber: "+351 210 000 000",
      },
    },
  };
}

export function domainOf(label: string): string {
  return `${label}.onmicrosoft.com`;
}
