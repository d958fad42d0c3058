import { customer } from "../model/customer.ts";
import { validateCustomer } from "../model/customer-validation.ts";
import { isValues, type Values } from "../model/define.ts";
import type { Complaint } from "../model/problem.ts";
import { valueAt } from "../model/property-path.ts";
import { findHolds } from "../store/domains.ts";
import { findId } from "../store/select.ts";
import { externalIdTaken } from "./attached.ts";
import { canonicalDomain, complainAboutHold } from "./domain.ts";
import type { Result, Task } from "./offer.ts";
import { valuesOf } from "./operation.ts";
import { examineCustomer } from "./rules/customer-rules.ts";
import type { Warning } from "./rules/rule.ts";

const domainPath = "companyProfile/domain";

/** Rehearses `POST /customers`: says everything that would be wrong, and stores and reserves nothing. */
export async function validateNewCustomer(task: Task): Promise<Result> {
  const { context, body } = task;
  const examined = examineCustomer(context.validation, valuesOf(task));
  const values = withCanonicalDomain(examined.values);
  const complaints = body.kind === "entity" ? (body.complaints ?? []) : [];
  const errors = [...complaints, ...(await complainAboutTaken(task, values))];
  // What is wrong already is not also to be looked at.
  const wrong = new Set<string | undefined>(errors.map(({ target }) => target));
  const value = {
    isValid: errors.length === 0,
    errors: errors.map(printFinding),
    warnings: examined.warnings.filter(({ target }) => !wrong.has(target)).map(printFinding),
    customer: values,
  };
  return { kind: "value", type: validateCustomer.returns.kind.type, value };
}

/** What only the store knows: a domain or an externalId that is taken. */
async function complainAboutTaken({ context, caller }: Task, values: Values): Promise<readonly Complaint[]> {
  const { database, clock } = context;
  const complaints: Complaint[] = [];
  const domain = valueAt(values, domainPath.split("/"));
  if (typeof domain === "string") {
    const hold = (await findHolds(database, [domain], clock())).get(domain);
    if (hold !== undefined) complaints.push(complainAboutHold(hold, domain, domainPath));
  }
  const externalId = values["externalId"];
  if (typeof externalId === "string") {
    const key = { property: "externalId", value: externalId, partnerId: caller.partnerId };
    if ((await findId(database, customer, key)) !== undefined) complaints.push(externalIdTaken);
  }
  return complaints;
}

function withCanonicalDomain(values: Values): Values {
  const company = values["companyProfile"];
  if (!isValues(company) || typeof company["domain"] !== "string") return values;
  return { ...values, companyProfile: { ...company, domain: canonicalDomain(company["domain"]) } };
}

function printFinding({ code, message, target, advice }: Warning): Values {
  const { value = null, suggestion = null, pattern = null, example = null, allowed = [] } = advice ?? {};
  return { code, message, target: target ?? null, value, suggestion, pattern, example, allowed };
}
