import { fault, type Rule, wrong } from "./rule.ts";

/** Rules for the name of a company: those that Partner Center publishes for names and addresses. */
export const checkCompanyName: Rule = (given, place) => {
  const name = given.trim();
  const refused = (must: string) => wrong("companyNameInvalid", given, place, must);
  if (!/[\p{L}\p{N}]/u.test(name)) return refused("must have a letter or a digit");
  if ([...name].length < 2) return refused("must have at least 2 characters");
  if (isLegalForm(name)) return refused("must be more than a legal form");
  if (/^\S(?:\s+\S)+$/u.test(name)) return refused("must be more than single characters with spaces between them");
  if (/^(.)\1{2,}$/u.test(name)) return refused("must be more than one character again and again");
  if (!endsWithDomain(name)) return { value: name };
  const must = "should be the registered name of the company, without an internet suffix";
  return { value: name, warnings: [fault("companyNameNotRecommended", given, place.target, must)] };
};

const legalForms = new Set(
  "llc inc corp ltd gmbh plc sarl kft zrt ooo ptyltd pteltd pvtltd sdnbhd wll lda llp cpa".split(" "),
);

function isLegalForm(name: string): boolean {
  return legalForms.has(name.toLowerCase().replaceAll(/[\s.,]/g, ""));
}

function endsWithDomain(name: string): boolean {
  return /(?:^www\.|\w\.(?:com|net|org|info|biz|io|[a-z]{2})$)/i.test(name);
}
