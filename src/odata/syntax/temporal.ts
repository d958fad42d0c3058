// The `…End` functions give the end of a literal that starts at a position, or the position itself where there is
// none. They look at each character once and never go back.

/** Gives the end of a date: a year of at least four digits, a month, a day. */
export function dateEnd(text: string, start: number): number {
  const yearStart = text[start] === "-" ? start + 1 : start;
  const yearEnd = digitsEnd(text, yearStart);
  const yearLength = yearEnd - yearStart;
  if (yearLength < 4 || (yearLength > 4 && text[yearStart] === "0")) return start;
  if (text[yearEnd] !== "-" || !isBetween(text, yearEnd + 1, 1, 12)) return start;
  if (text[yearEnd + 3] !== "-" || !isBetween(text, yearEnd + 4, 1, 31)) return start;
  return isDigit(text, yearEnd + 6) ? start : yearEnd + 6;
}

/** Gives the end of a time of day: hour, minute, and perhaps a second with up to twelve decimals. */
export function timeEnd(text: string, start: number): number {
  if (!isBetween(text, start, 0, 23) || text[start + 2] !== ":" || !isBetween(text, start + 3, 0, 59)) return start;
  const minuteEnd = start + 5;
  // 60 is a leap second.
  if (text[minuteEnd] !== ":" || !isBetween(text, minuteEnd + 1, 0, 60)) return minuteEnd;
  const secondEnd = minuteEnd + 3;
  if (text[secondEnd] !== ".") return secondEnd;
  const fractionEnd = digitsEnd(text, secondEnd + 1);
  const digits = fractionEnd - secondEnd - 1;
  return digits >= 1 && digits <= 12 ? fractionEnd : secondEnd;
}

/** Gives the end of a time zone: `Z`, or a sign with hour and minute. */
export function zoneEnd(text: string, start: number): number {
  const first = text[start];
  if (first === "Z" || first === "z") return start + 1;
  if (first !== "+" && first !== "-") return start;
  if (!isBetween(text, start + 1, 0, 23) || text[start + 3] !== ":" || !isBetween(text, start + 4, 0, 59)) return start;
  return start + 6;
}

/** Gives the end of a number: digits with perhaps a sign, decimals and an exponent. */
export function numberEnd(text: string, start: number): number {
  const integerStart = isSign(text[start]) ? start + 1 : start;
  const integerEnd = digitsEnd(text, integerStart);
  if (integerEnd === integerStart) return start;
  const fractionEnd = text[integerEnd] === "." ? digitsEnd(text, integerEnd + 1) : integerEnd;
  const end = fractionEnd > integerEnd + 1 ? fractionEnd : integerEnd;
  if (text[end] !== "e" && text[end] !== "E") return end;
  const exponentStart = isSign(text[end + 1]) ? end + 2 : end + 1;
  const exponentEnd = digitsEnd(text, exponentStart);
  return exponentEnd > exponentStart ? exponentEnd : end;
}

/** Gives the end of a GUID: 8, 4, 4, 4 and 12 hexadecimal digits. */
export function guidEnd(text: string, start: number): number {
  // The four dashes are looked at first, because nearly every text that is no GUID fails there.
  if (!dashes.every((offset) => text[start + offset] === "-")) return start;
  const candidate = text.slice(start, start + guidLength);
  return guid.test(candidate) ? start + guidLength : start;
}

/** Tells whether a text is a duration of days, hours, minutes and seconds. */
export function isDuration(text: string): boolean {
  return duration.test(text);
}

const guidLength = 36;
const dashes = [8, 13, 18, 23] as const;
const guid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
// XML Schema 1.1 part 2, 3.4.27: at least one part, and at least one after T. The letters differ, so no digit is
// tried more than three times.
const duration = /^-?P(?=[\dT])(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/i;

/** Gives the end of a run of decimal digits. */
export function digitsEnd(text: string, start: number): number {
  let end = start;
  while (isDigit(text, end)) end += 1;
  return end;
}

/** Tells whether a decimal digit stands at a position. */
export function isDigit(text: string, position: number): boolean {
  const unit = text.charCodeAt(position);
  return unit >= 0x30 && unit <= 0x39;
}

function isSign(character: string | undefined): boolean {
  return character === "+" || character === "-";
}

function isBetween(text: string, start: number, least: number, most: number): boolean {
  if (!isDigit(text, start) || !isDigit(text, start + 1)) return false;
  const value = (text.charCodeAt(start) - 0x30) * 10 + text.charCodeAt(start + 1) - 0x30;
  return value >= least && value <= most;
}
