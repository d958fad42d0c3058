/** Whether the check digits of a number are right; the number is without separators and has its form already. */
export type Check = (number: string) => boolean;

/** The sum of the characters of a number, each times its weight. */
function weigh(number: string, weights: readonly number[], worthOf: (character: string) => number = Number): number {
  return weights.reduce((sum, weight, index) => sum + weight * worthOf(number.charAt(index)), 0);
}

/** Belarus, UNP: the ninth digit is the weighted sum of the others modulo 11 (Ministry of Taxes and Duties). */
export const isUnp: Check = (number) => weigh(number, [29, 23, 19, 17, 13, 7, 5, 3]) % 11 === Number(number[8]);

/** Brazil, CNPJ: two check digits modulo 11; letters count their ASCII code less 48 (Receita Federal, IN RFB 2.229/2024). */
export const isCnpj: Check = (number) => {
  const digit = (weights: readonly number[]) => {
    const rest = weigh(number, weights, (character) => character.charCodeAt(0) - 48) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  const weights = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
  return digit(weights) === Number(number[12]) && digit([6, ...weights]) === Number(number[13]);
};

/** China, unified social credit code: the last character is modulo 31 (GB 32100-2015). */
export const isUscc: Check = (number) => {
  const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
  const sum = weigh(number, weights, (character) => alphabet.indexOf(character));
  return alphabet[(31 - (sum % 31)) % 31] === number[17];
};

/** Hungary, tax number: the eighth digit is modulo 10; the ninth is the tax regime (Act CL of 2017, annex). */
export const isHungarianTaxNumber: Check = (number) =>
  (10 - (weigh(number, [9, 7, 3, 1, 9, 7, 3]) % 10)) % 10 === Number(number[7]);

/** India: a GSTIN ends with a Luhn character modulo 36 (Rule 10 of the CGST Rules); a PAN has none that is published. */
export const isPanOrGstin: Check = (number) => {
  if (number.length === 10) return true;
  const products = [...number.slice(0, 14)].map((each, index) => Number.parseInt(each, 36) * (index % 2 === 0 ? 1 : 2));
  const sum = products.reduce((total, product) => total + Math.floor(product / 36) + (product % 36), 0);
  return ((36 - (sum % 36)) % 36).toString(36).toUpperCase() === number[14];
};

/** Kazakhstan, BIN and IIN: modulo 11, with a second row of weights when the first gives 10 (Government decree 853/2003). */
export const isBin: Check = (number) => {
  const first = weigh(number, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
  const digit = first === 10 ? weigh(number, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11 : first;
  return digit === Number(number[11]);
};

/** Moldova, IDNO and IDNP: weights 7, 3, 1 modulo 10 (Government decision 272/2002). */
export const isIdno: Check = (number) =>
  weigh(number, [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 === Number(number[12]);

/** Poland: NIP modulo 11 (Ministry of Finance), or PESEL modulo 10 (Act on the population register). */
export const isNipOrPesel: Check = (number) => {
  if (number.length === 10) return weigh(number, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(number[9]);
  return (10 - (weigh(number, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(number[10]);
};

/** Russia, INN: one check digit for a company, two for a person (Federal Tax Service, order MMV-7-6/435). */
export const isInn: Check = (number) => {
  const digit = (weights: readonly number[]) => (weigh(number, weights) % 11) % 10;
  if (number.length === 10) return digit([2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(number[9]);
  const weights = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
  return digit(weights) === Number(number[10]) && digit([3, ...weights]) === Number(number[11]);
};

/** Thailand, TIN: modulo 11 with falling weights (Revenue Department). */
export const isThaiTin: Check = (number) =>
  (11 - (weigh(number, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === Number(number[12]);

/** Türkiye: the tax number of a company or the identity number of a person (Revenue Administration; Law 5490). */
export const isTurkishNumber: Check = (number) => (number.length === 10 ? isVkn(number) : isTurkishIdentity(number));

const isVkn: Check = (number) => {
  const parts = [...number.slice(0, 9)].map((each, index) => {
    const value = (Number(each) + 9 - index) % 10;
    return value === 0 ? 0 : (value * 2 ** (9 - index)) % 9 || 9;
  });
  return (10 - (parts.reduce((sum, part) => sum + part, 0) % 10)) % 10 === Number(number[9]);
};

const isTurkishIdentity: Check = (number) => {
  const tenth = ((weigh(number, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10) + 10) % 10 === Number(number[9]);
  return tenth && weigh(number, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 === Number(number[10]);
};

/** Ukraine: EDRPOU of a company, or the tax number of a person (State Statistics Service; State Tax Service). */
export const isUkrainianNumber: Check = (number) => {
  if (number.length === 10)
    return (((weigh(number, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11) + 11) % 11) % 10 === Number(number[9]);
  const weights = number >= "30000000" && number <= "60000000" ? [7, 1, 2, 3, 4, 5, 6] : [1, 2, 3, 4, 5, 6, 7];
  const first = weigh(number, weights) % 11;
  const digit =
    first === 10
      ? weigh(
          number,
          weights.map((weight) => weight + 2),
        ) % 11
      : first;
  return digit % 10 === Number(number[7]);
};

/** Venezuela, RIF: the letter counts as a number, modulo 11 (SENIAT); of communal councils (C) no rule is published. */
export const isRif: Check = (number) => {
  const letters: Readonly<Record<string, number>> = { V: 4, E: 8, J: 12, P: 16, G: 20 };
  const first = letters[number.charAt(0)];
  if (first === undefined) return true;
  const sum = first + weigh(number.slice(1), [3, 2, 7, 6, 5, 4, 3, 2]);
  return "00987654321"[sum % 11] === number[9];
};

/** Vietnam, tax code: the tenth digit is modulo 11; three more name a branch (General Department of Taxation). */
export const isVietnameseTaxCode: Check = (number) =>
  10 - (weigh(number, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11) === Number(number[9]);

/** South Africa: the tax reference number ends with a Luhn digit (SARS); the number of the company register has none. */
export const isTaxReferenceOrCompany: Check = (number) => {
  if (number.length !== 10) return true;
  const digits = [...number].reverse().map((each, index) => Number(each) * (index % 2 === 0 ? 1 : 2));
  return digits.reduce((sum, digit) => sum + (digit > 9 ? digit - 9 : digit), 0) % 10 === 0;
};
