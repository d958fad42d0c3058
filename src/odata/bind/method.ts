import type { Expression, FunctionName, ValueType } from "../../model/query.ts";
import type { Method, MethodName, Expression as Syntax } from "../syntax/tree.ts";
import { coerce, constant } from "./constant.ts";
import { fault, type Scope, typeOf, unsupported } from "./scope.ts";

/** The functions that can be carried out, with the types of their parameters (OData URL Conventions 5.1.1.5 to 5.1.1.9). */
const parameters: Readonly<Partial<Record<MethodName, readonly (readonly ValueType[])[]>>> = {
  concat: [["string"], ["string"]],
  contains: [["string"], ["string"]],
  endswith: [["string"], ["string"]],
  startswith: [["string"], ["string"]],
  indexof: [["string"], ["string"]],
  length: [["string"]],
  substring: [["string"], ["number"], ["number"]],
  tolower: [["string"]],
  toupper: [["string"]],
  trim: [["string"]],
  year: [["instant", "date"]],
  month: [["instant", "date"]],
  day: [["instant", "date"]],
  hour: [["instant", "timeOfDay"]],
  minute: [["instant", "timeOfDay"]],
  second: [["instant", "timeOfDay"]],
  fractionalseconds: [["instant", "timeOfDay"]],
  date: [["instant"]],
  time: [["instant"]],
  totaloffsetminutes: [["instant"]],
  totalseconds: [["duration"]],
  round: [["number"]],
  floor: [["number"]],
  ceiling: [["number"]],
};

/** The functions that an expression may call. */
export const supportedFunctions: readonly string[] = [...Object.keys(parameters), "now", "mindatetime", "maxdatetime"];

/** Resolves a function call; `bind` resolves its parameters. */
export function bindMethod(scope: Scope, method: Method, bind: (value: Syntax) => Expression): Expression {
  if (method.name === "now") return { kind: "now" };
  if (method.name === "mindatetime") return constant("instant", "0001-01-01T00:00:00.000Z");
  if (method.name === "maxdatetime") return constant("instant", "9999-12-31T23:59:59.999Z");
  const types = parameters[method.name];
  const name = functionName(method.name);
  if (types === undefined || name === undefined) throw unsupported(scope, method, `The function '${method.name}'`);
  const values = method.values.map((value, index) => bindParameter(scope, value, bind(value), types[index] ?? []));
  const [value] = values;
  // OData URL Conventions 5.1.1.4: of null, a function gives null.
  if (values.some((each) => typeOf(each) === "null")) return constant("null", null);
  // Of a time of day the parts stand where those of an instant stand once the date is before them.
  if (value !== undefined && typeOf(value) === "timeOfDay") {
    const date = constant("string", "0001-01-01T");
    return { kind: "call", name, values: [{ kind: "call", name: "concat", values: [date, value] }] };
  }
  return { kind: "call", name, values };
}

function bindParameter(scope: Scope, syntax: Syntax, value: Expression, types: readonly ValueType[]): Expression {
  const type = typeOf(value);
  const [first] = types;
  // A member of a choice is compared as the text of its name.
  if (type === "null" || types.includes(type) || (type === "choice" && types.includes("string"))) return value;
  if (value.kind === "constant" && first !== undefined) return coerce(scope, syntax, value, first);
  throw fault(scope, syntax, `Here stands a ${type}; it must be a ${types.join(" or a ")}.`);
}

function functionName(name: MethodName): FunctionName | undefined {
  return functionNames.find((each) => each === name);
}

const functionNames: readonly FunctionName[] = [
  "concat",
  "contains",
  "endswith",
  "indexof",
  "length",
  "startswith",
  "substring",
  "tolower",
  "toupper",
  "trim",
  "year",
  "month",
  "day",
  "hour",
  "minute",
  "second",
  "fractionalseconds",
  "date",
  "time",
  "totaloffsetminutes",
  "totalseconds",
  "round",
  "floor",
  "ceiling",
];
