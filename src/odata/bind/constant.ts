import { namedMembers, sentinel } from "../../model/choice.ts";
import type { Choice } from "../../model/kinds.ts";
import { namespace } from "../../model/model.ts";
import type { ConstantValue, Expression, ValueType } from "../../model/query.ts";
import type { Literal } from "../syntax/tree.ts";
import { fault, type Scope, unsupported } from "./scope.ts";

type Constant = Expression & { readonly kind: "constant" };

/** Gives the value of a literal. */
export function bindLiteral(scope: Scope, literal: Literal): Constant {
  switch (literal.kind) {
    case "null":
      return constant("null", null);
    case "boolean":
      return constant("boolean", literal.value);
    case "number":
      return {
        ...constant("number", readNumber(scope, literal, literal.text)),
        ...(literal.form === "integer" ? {} : { form: "fraction" }),
      };
    case "string":
      return constant("string", literal.value);
    case "guid":
      return constant("string", literal.text.toLowerCase());
    case "date":
      return constant("date", readDate(scope, literal, literal.text));
    case "timeOfDay":
      return constant("timeOfDay", canonicalTime(literal.text));
    case "dateTimeOffset":
      return constant("instant", readInstant(scope, literal, literal.text));
    case "duration":
      return constant("duration", readDuration(scope, literal, literal.text));
    case "enum":
      return constant("choice", readMember(scope, literal));
    default:
      throw unsupported(scope, literal, `A ${literal.kind} value`);
  }
}

/**
 * Gives a constant as a value of the type that it is compared with: a text that stands for a duration, an instant, a
 * member of a choice and so on (OData URL Conventions 5.1.1.14.1; 4.01 minimal conformance, item 9).
 */
export function coerce(
  scope: Scope,
  at: { readonly position: number },
  value: Constant,
  type: ValueType,
  choice?: Choice,
): Constant {
  if (value.type === "null") return value;
  if (type === "choice" && choice !== undefined) return constant("choice", checkMember(scope, at, value, choice));
  if (value.type === type) return value;
  if (type === "instant" && value.type === "date") return constant("instant", `${value.value}T00:00:00.000Z`);
  if (value.type === "string") return constant(type, readText(scope, at, String(value.value), type));
  throw fault(scope, at, `A ${type} cannot be compared with a ${value.type}.`);
}

export function constant(type: ValueType, value: ConstantValue): Constant {
  return { kind: "constant", type, value };
}

function checkMember(scope: Scope, at: { readonly position: number }, value: Constant, choice: Choice): string {
  const name = String(value.value);
  const named = [
    ...namedMembers(choice, scope.naming.members),
    ...choice.members.filter((member) => member === sentinel),
  ];
  if ((value.type === "string" || value.type === "choice") && named.includes(name)) return name;
  throw fault(scope, at, `'${name}' is not a member of ${choice.name}. Its members are ${named.join(", ")}.`);
}

function readMember(scope: Scope, literal: Literal & { readonly kind: "enum" }): string {
  const [member] = literal.members;
  const prefixes = [namespace.name, namespace.alias].map((each) => `${each}.`);
  if (!prefixes.some((prefix) => literal.typeName.startsWith(prefix))) {
    throw fault(scope, literal, `'${literal.typeName}' is not a type of this service.`);
  }
  if (member === undefined || literal.members.length > 1)
    throw unsupported(scope, literal, "A value of several members");
  return member;
}

function readText(scope: Scope, at: { readonly position: number }, text: string, type: ValueType): ConstantValue {
  switch (type) {
    case "instant":
      return readInstant(scope, at, text);
    case "duration":
      return readDuration(scope, at, text);
    case "number":
      return readNumber(scope, at, text);
    case "boolean":
      if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
      throw fault(scope, at, `'${text}' is not true or false.`);
    case "date":
      return readDate(scope, at, text);
    case "timeOfDay":
      if (/^\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?$/.test(text)) return canonicalTime(text);
      throw fault(scope, at, `'${text}' is not a time of day such as 13:20:00.`);
    default:
      throw fault(scope, at, `'${text}' is not a ${type}.`);
  }
}

function readNumber(scope: Scope, at: { readonly position: number }, text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number)) return number;
  if (/^-?INF$|^NaN$/.test(text)) throw unsupported(scope, at, text);
  throw fault(scope, at, `'${text}' is not a number.`);
}

function readDate(scope: Scope, at: { readonly position: number }, text: string): string {
  if (/^(?:-|\d{5})/.test(text)) throw unsupported(scope, at, "A year before 0001 or after 9999");
  if (isDay(text)) return text;
  throw fault(scope, at, `'${text}' is not a date of the calendar such as 2026-11-23.`);
}

function isDay(text: string): boolean {
  const milliseconds = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text);
}

// Instants are kept with milliseconds. Digits behind them follow the Z: so a text with more digits sorts between its
// own millisecond and the next, and equals none.
function readInstant(scope: Scope, at: { readonly position: number }, text: string): string {
  const match = /^(-?\d{4,}-\d\d-\d\dT\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  if (match === null) throw fault(scope, at, `'${text}' is not an instant such as 2026-11-23T13:20:00Z.`);
  const [, minute = "", second = "00", fraction = "", zone = "Z"] = match;
  if (/^(?:-|\d{5})/.test(minute)) throw unsupported(scope, at, "A year before 0001 or after 9999");
  const milliseconds = Date.parse(`${minute}:${second}.${fraction.padEnd(3, "0").slice(0, 3)}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds) || !isDay(minute.slice(0, 10)))
    throw fault(scope, at, `'${text}' is not an instant of the calendar.`);
  return new Date(milliseconds).toISOString() + fraction.slice(3).replace(/0+$/, "");
}

function readDuration(scope: Scope, at: { readonly position: number }, text: string): number {
  const match = /^(-|\+)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text);
  if (match === null) throw fault(scope, at, `'${text}' is not a duration such as P1DT2H.`);
  const [, sign, days = "0", hours = "0", minutes = "0", seconds = "0"] = match;
  const total = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === "-" ? -total : total;
}

function canonicalTime(text: string): string {
  const [hours, minutes, seconds = "00"] = text.split(":");
  const [whole = "00", fraction = ""] = seconds.split(".");
  return `${hours}:${minutes}:${whole}.${fraction.replace(/0+$/, "").padEnd(3, "0")}`;
}
