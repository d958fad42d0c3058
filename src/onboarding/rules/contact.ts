import { domainToASCII } from "node:url";
import { fault, type Rule, wrong } from "./rule.ts";

/** Rules for the first and the last name of a contact. One character is enough where it is a whole word, as in Chinese. */
export const checkContactName: Rule = (given, place) => {
  const verdict = checkMiddleName(given, place);
  if (verdict.value === undefined) return verdict;
  const { value } = verdict;
  if (
    [...value].length < 2 &&
    !/\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(value)
  ) {
    return wrong("contactNameInvalid", given, place, "must have at least 2 characters");
  }
  if (!placeholders.has(value.toLowerCase())) return { value };
  const must = "must be the name of a person, not a placeholder";
  return { value, strictly: [fault("contactNameInvalid", given, place.target, must)] };
};

/** Rules for a middle name, which may be an initial. */
export const checkMiddleName: Rule = (given, place) => {
  const name = given.trim();
  if (/\p{L}/u.test(name) && !/[\p{Cc}\p{Extended_Pictographic}]/u.test(name)) return { value: name };
  return wrong("contactNameInvalid", given, place, "must have a letter, and neither control characters nor emoji");
};

const placeholders = new Set(
  "admin administrator anonymous contact customer first firstname last lastname n/a na name nobody noname none person test testing unknown user".split(
    " ",
  ),
);

// A domain in ASCII stays as it is; to hand it to Node takes longer than the rest of the rule.
const plainDomain = /^(?!.*xn--)(?:[a-z0-9-]+\.)*[a-z]+$/;

/** Rules for an e-mail address: the dot-string of RFC 5321 section 4.1.2, and a domain that a customer can have. */
export const checkEmail: Rule = (given, place) => {
  const at = given.lastIndexOf("@");
  const local = given.slice(0, at);
  const domain = given.slice(at + 1).toLowerCase();
  if (/^\.|\.\.|\.$/.test(local)) {
    return wrong(
      "emailInvalid",
      given,
      place,
      "must have no dot at either end of what stands before the at sign, and no two in a row",
    );
  }
  const ascii = plainDomain.test(domain) ? domain : domainToASCII(domain);
  if (ascii === "" || /\.\d+$/.test(ascii)) {
    return wrong("emailInvalid", given, place, "must end with a domain name");
  }
  const blocked = place.settings.blockedEmailDomains.find((each) => ascii === each || ascii.endsWith(`.${each}`));
  if (blocked === undefined) return { value: `${local}@${domain}` };
  return wrong("emailDomainNotAllowed", given, place, `must be the customer's own; no customer has one at ${blocked}`);
};
