/** A country with published examples: what offices and companies write on their own letters, and registers publish. */
export interface Sample {
  readonly country: string;
  readonly culture: string;
  readonly state?: string;
  readonly postalCode: string;
  readonly phone: string;
  /** The telephone number by E.164. */
  readonly canonical: string;
  /** A number of the register, and how it is kept. */
  readonly number?: readonly [given: string, kept: string];
  /** Values that a careless form would take: a postal code, and a number whose last digit is wrong. */
  readonly wrong: { readonly postalCode: string; readonly number?: string };
}

/** Twenty countries with examples that somebody has published. */
export const samples: readonly Sample[] = [
  // Assembleia da República.
  {
    country: "PT",
    culture: "pt-PT",
    postalCode: "1249-068",
    phone: "213 919 000",
    canonical: "+351213919000",
    wrong: { postalCode: "1249-06" },
  },
  // Microsoft, One Microsoft Way; its EIN as in its annual report.
  {
    country: "US",
    culture: "en-US",
    state: "WA",
    postalCode: "98052-6399",
    phone: "(425) 882-8080",
    canonical: "+14258828080",
    number: ["91-1144442", "911144442"],
    wrong: { postalCode: "9805", number: "07-1144442" },
  },
  // House of Commons.
  {
    country: "GB",
    culture: "en-GB",
    postalCode: "SW1A 0AA",
    phone: "020 7219 3000",
    canonical: "+442072193000",
    wrong: { postalCode: "SW1A" },
  },
  // Deutscher Bundestag.
  {
    country: "DE",
    culture: "de-DE",
    postalCode: "11011",
    phone: "030 227-0",
    canonical: "+49302270",
    wrong: { postalCode: "1101" },
  },
  // Assemblée nationale.
  {
    country: "FR",
    culture: "fr-FR",
    postalCode: "75355",
    phone: "01 40 63 60 00",
    canonical: "+33140636000",
    wrong: { postalCode: "7535" },
  },
  // Congreso de los Diputados.
  {
    country: "ES",
    culture: "es-ES",
    state: "Madrid",
    postalCode: "28071",
    phone: "913 90 60 00",
    canonical: "+34913906000",
    wrong: { postalCode: "2807" },
  },
  // Camera dei deputati.
  {
    country: "IT",
    culture: "it-IT",
    state: "RM",
    postalCode: "00186",
    phone: "06 67601",
    canonical: "+390667601",
    wrong: { postalCode: "186" },
  },
  // Banco do Brasil.
  {
    country: "BR",
    culture: "pt-BR",
    state: "DF",
    postalCode: "70040-912",
    phone: "(61) 3493-9002",
    canonical: "+556134939002",
    number: ["00.000.000/0001-91", "00000000000191"],
    wrong: { postalCode: "7004", number: "00.000.000/0001-92" },
  },
  // The GSTIN is that of the examples of python-stdnum; Parliament House.
  {
    country: "IN",
    culture: "hi-IN",
    state: "DL",
    postalCode: "110001",
    phone: "011 2303 4255",
    canonical: "+911123034255",
    number: ["27 AAPFU 0939 F1ZV", "27AAPFU0939F1ZV"],
    wrong: { postalCode: "11001", number: "27AAPFU0939F1ZW" },
  },
  // PetroChina; ministries in Beijing.
  {
    country: "CN",
    culture: "zh-CN",
    state: "BJ",
    postalCode: "100007",
    phone: "010 5998 6223",
    canonical: "+861059986223",
    number: ["91110000710925462X", "91110000710925462X"],
    wrong: { postalCode: "10000", number: "911100007109254620" },
  },
  // National Diet.
  {
    country: "JP",
    culture: "ja-JP",
    state: "13",
    postalCode: "100-0014",
    phone: "03-3581-5111",
    canonical: "+81335815111",
    wrong: { postalCode: "100" },
  },
  // House of Commons of Canada.
  {
    country: "CA",
    culture: "fr-CA",
    state: "ON",
    postalCode: "K1A 0A6",
    phone: "613-992-4793",
    canonical: "+16139924793",
    wrong: { postalCode: "K1A 0O6" },
  },
  // Parliament House.
  {
    country: "AU",
    culture: "en-AU",
    state: "ACT",
    postalCode: "2600",
    phone: "(02) 6277 7111",
    canonical: "+61262777111",
    wrong: { postalCode: "260" },
  },
  // Sberbank.
  {
    country: "RU",
    culture: "ru-RU",
    postalCode: "117312",
    phone: "8 495 500-55-50",
    canonical: "+74955005550",
    number: ["7707083893", "7707083893"],
    wrong: { postalCode: "11731", number: "7707083890" },
  },
  // The NIP is that of the examples of python-stdnum; Sejm.
  {
    country: "PL",
    culture: "pl-PL",
    postalCode: "00-902",
    phone: "22 694 25 00",
    canonical: "+48226942500",
    number: ["856-734-62-15", "8567346215"],
    wrong: { postalCode: "00902", number: "8567346216" },
  },
  // The VKN is that of the examples of python-stdnum; Türkiye Büyük Millet Meclisi.
  {
    country: "TR",
    culture: "tr-TR",
    postalCode: "06543",
    phone: "0312 420 50 00",
    canonical: "+903124205000",
    number: ["4540536920", "4540536920"],
    wrong: { postalCode: "6543", number: "4540536921" },
  },
  // The tax reference is that of the examples of python-stdnum; Parliament.
  {
    country: "ZA",
    culture: "en-ZA",
    postalCode: "8001",
    phone: "021 403 2911",
    canonical: "+27214032911",
    number: ["0001/339/05/0", "0001339050"],
    wrong: { postalCode: "800", number: "0001339051" },
  },
  // Cámara de Diputados.
  {
    country: "MX",
    culture: "es-MX",
    state: "CMX",
    postalCode: "15960",
    phone: "55 5036 0000",
    canonical: "+525550360000",
    wrong: { postalCode: "1596" },
  },
  // The EDRPOU is that of the examples of python-stdnum; Verkhovna Rada.
  {
    country: "UA",
    culture: "uk-UA",
    postalCode: "01008",
    phone: "044 255 2115",
    canonical: "+380442552115",
    number: ["32855961", "32855961"],
    wrong: { postalCode: "1008", number: "32855968" },
  },
  // The MST is that of the examples of python-stdnum.
  {
    country: "VN",
    culture: "vi-VN",
    postalCode: "100000",
    phone: "024 3942 2354",
    canonical: "+842439422354",
    number: ["0100233488", "0100233488"],
    wrong: { postalCode: "1000", number: "0100233480" },
  },
];
