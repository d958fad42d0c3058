import { isValues, type Values } from "../../model/define.ts";
import { refuse } from "../../model/problem.ts";
import type { Context } from "../offer.ts";
import { examineCustomer } from "./customer-rules.ts";

/**
 * Gives what an update of a customer changes, in its canonical form. The customer that would come of it goes through the
 * rules as a new one does, and is refused with everything that is wrong with it. The path is what stands before those of
 * the faults.
 */
export function examineChanges(context: Context, current: Values, changes: Values, path = ""): Values {
  if (changes["companyProfile"] === undefined && changes["billingProfile"] === undefined) return changes;
  const { values, errors } = examineCustomer(context.validation, merge(current, changes));
  refuse(errors.map((each) => ({ ...each, ...(each.target === undefined ? {} : { target: path + each.target }) })));
  return pick(changes, values);
}

/** The values with those that change: complex ones are merged, and a null takes its place. */
function merge(current: Values, changes: Values): Values {
  const merged = Object.entries(changes).map(([name, value]) => {
    const now = current[name];
    return [name, isValues(value) ? merge(isValues(now) ? now : {}, value) : value];
  });
  return { ...current, ...Object.fromEntries(merged) };
}

/** Of some values, those that others name too. */
function pick(named: Values, from: Values): Values {
  const picked = Object.entries(named).map(([name, value]) => {
    const found = from[name];
    return [name, isValues(value) && isValues(found) ? pick(value, found) : found];
  });
  return Object.fromEntries(picked);
}
