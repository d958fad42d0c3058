import {
  type Check,
  isBin,
  isCnpj,
  isHungarianTaxNumber,
  isIdno,
  isInn,
  isNipOrPesel,
  isPanOrGstin,
  isRif,
  isTaxReferenceOrCompany,
  isThaiTin,
  isTurkishNumber,
  isUkrainianNumber,
  isUnp,
  isUscc,
  isVietnameseTaxCode,
} from "./check-digits.ts";

/** The number under which a country registers a company. It is matched and kept without spaces, dots, dashes and slashes. */
export interface RegistrationNumberForm {
  /** What it is called there. */
  readonly name: string;
  readonly pattern: RegExp;
  readonly example: string;
  readonly check?: Check;
  /** Who publishes the form. */
  readonly source: string;
}

/** Gives the form of the registration number of a country; undefined where none is asked for. */
export function registrationNumberForm(country: string): RegistrationNumberForm | undefined {
  return forms[country];
}

/** Whether a company must have a registration number and a telephone number there, when validation is strict. */
export function needsRegistrationNumber(country: string): boolean {
  return forms[country] !== undefined && !voluntary.has(country);
}

/** Where the number has a form but need not be given: Partner Center lists these two for information only. */
const voluntary = new Set(["CN", "US"]);

/** The 26 countries for which Partner Center documents a registration number. */
const forms: Readonly<Record<string, RegistrationNumberForm>> = {
  AE: { name: "TRN", pattern: /^\d{15}$/, example: "100123456700003", source: "Federal Tax Authority" },
  AM: { name: "TIN (HVHH)", pattern: /^\d{8}$/, example: "02500004", source: "State Revenue Committee" },
  AZ: { name: "VÖEN", pattern: /^\d{9}[12]$/, example: "1400057421", source: "State Tax Service" },
  BR: {
    name: "CNPJ",
    pattern: /^[0-9A-Z]{12}\d{2}$/,
    example: "00.000.000/0001-91",
    check: isCnpj,
    source: "Receita Federal, IN RFB 2.229/2024",
  },
  BY: { name: "UNP", pattern: /^\d{9}$/, example: "200988541", check: isUnp, source: "Ministry of Taxes and Duties" },
  CN: {
    name: "Unified social credit code",
    pattern: /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/,
    example: "91110000600037341L",
    check: isUscc,
    source: "GB 32100-2015",
  },
  HU: {
    name: "Adószám",
    pattern: /^\d{8}[1-5]\d{2}$/,
    example: "10773381-2-44",
    check: isHungarianTaxNumber,
    source: "National Tax and Customs Administration, Act CL of 2017",
  },
  IN: {
    name: "PAN or GSTIN",
    pattern: /^(?:\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]|[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z])$/,
    example: "27AAPFU0939F1ZV",
    check: isPanOrGstin,
    source: "Income Tax Department; CGST Rules, rule 10",
  },
  IQ: { name: "TIN", pattern: /^[0-9A-Z]{1,20}$/, example: "902345678", source: "no form is published" },
  KG: { name: "INN", pattern: /^\d{14}$/, example: "02108199610058", source: "State Tax Service" },
  KZ: { name: "BIN or IIN", pattern: /^\d{12}$/, example: "940140000385", check: isBin, source: "Decree 853/2003" },
  MD: {
    name: "IDNO or IDNP",
    pattern: /^\d{13}$/,
    example: "1008600038413",
    check: isIdno,
    source: "Decision 272/2002",
  },
  MM: { name: "TIN", pattern: /^[0-9A-Z]{1,20}$/, example: "192345678", source: "no form is published" },
  PL: {
    name: "NIP or PESEL",
    pattern: /^(?:\d{10}|\d{11})$/,
    example: "8567346215",
    check: isNipOrPesel,
    source: "Ministry of Finance",
  },
  RU: {
    name: "INN",
    pattern: /^(?:\d{10}|\d{12})$/,
    example: "7707083893",
    check: isInn,
    source: "Federal Tax Service, order MMV-7-6/435",
  },
  SA: { name: "TIN or VAT number", pattern: /^(?:\d{10}|3\d{13}3)$/, example: "310122393500003", source: "ZATCA" },
  SS: { name: "TIN", pattern: /^[0-9A-Z]{1,20}$/, example: "100123456", source: "no form is published" },
  TH: {
    name: "TIN",
    pattern: /^\d{13}$/,
    example: "0994000617721",
    check: isThaiTin,
    source: "Revenue Department",
  },
  TJ: { name: "INN", pattern: /^\d{9}$/, example: "010000123", source: "Tax Committee" },
  TR: {
    name: "VKN or T.C. Kimlik No",
    pattern: /^(?:\d{10}|[1-9]\d{10})$/,
    example: "4540536920",
    check: isTurkishNumber,
    source: "Revenue Administration; Law 5490",
  },
  UA: {
    name: "EDRPOU or tax number",
    pattern: /^(?:\d{8}|\d{10})$/,
    example: "32855961",
    check: isUkrainianNumber,
    source: "State Statistics Service; State Tax Service",
  },
  US: {
    name: "EIN",
    pattern: /^(?!0[07-9]|1[789]|28|29|49|69|70|78|79|89|9[67])\d{9}$/,
    example: "91-1144442",
    source: "IRS",
  },
  UZ: { name: "INN", pattern: /^\d{9}$/, example: "201122334", source: "State Tax Committee" },
  VE: { name: "RIF", pattern: /^[CEGJPV]\d{9}$/, example: "J-07013380-5", check: isRif, source: "SENIAT" },
  VN: {
    name: "MST",
    pattern: /^\d{10}(?:\d{3})?$/,
    example: "0100233488",
    check: isVietnameseTaxCode,
    source: "General Department of Taxation",
  },
  ZA: {
    name: "Tax reference number or company registration number",
    pattern: /^(?:[0-39]\d{9}|(?:18|19|20)\d{10})$/,
    example: "0001339050",
    check: isTaxReferenceOrCompany,
    source: "SARS; Companies and Intellectual Property Commission",
  },
};
