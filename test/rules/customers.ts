/** A customer with everything that Partner Center asks for in Portugal; its domain is to be added. */
export const fabrikam = {
  companyProfile: {},
  billingProfile: {
    email: "ana@fabrikam.example",
    culture: "pt-PT",
    language: "pt",
    companyName: "Fabrikam Portugal Lda",
    defaultAddress: {
      country: "PT",
      addressLine1: "Rua Augusta 12",
      city: "Lisboa",
      postalCode: "1100-053",
      firstName: "Ana",
      lastName: "Reis",
    },
  },
} as const;
