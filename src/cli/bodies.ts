import { readFileSync } from "node:fs";
import type { CustomerCreate } from "../client/client.ts";
import { customer } from "../model/customer.ts";
import { isValues, type Values } from "../model/define.ts";
import { nearest } from "../odata/nearest.ts";
import { CellError, type Column, columnsOf, parseCell, withValue } from "./columns.ts";
import { ConfigurationError } from "./setting.ts";

/** The columns of a customer, in the order of the model. */
export const customerColumns = columnsOf(customer.properties);

/** How a body is given on the command line. */
export interface BodyFlags {
  readonly file?: string;
  readonly set?: readonly string[];
}

/** Collects what is given more than once. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Makes a body of a file of JSON and of `path=value`, of which the latter stand above. */
export function readBody({ file, set = [] }: BodyFlags): Values {
  return set.reduce((body, assignment) => {
    const [, path = "", text = ""] = /^([^=]*)=(.*)$/s.exec(assignment) ?? [];
    const column = findColumn(path);
    if (path === "" || column === undefined) {
      throw new ConfigurationError(
        `--set must be path=value, such as billingProfile/email=ana@contoso.example; ${adviceOn(path || assignment)}`,
      );
    }
    return withValue(body, path, readValue(column, text));
  }, readFile(file));
}

/** The column of a path; undefined when a customer has none. */
export function findColumn(path: string): Column | undefined {
  const known = customerColumns.find((column) => column.path === path);
  if (known !== undefined) return known;
  // Each entry of a dictionary may have a column of its own.
  const [dictionary, key] = path.split("/");
  const within = customerColumns.find((column) => column.path === dictionary && column.kind.kind === "dictionary");
  if (within === undefined || key === undefined || key === "") return undefined;
  return { path, kind: { kind: "text", lengthMin: 0, lengthMax: 500 }, isSettable: within.isSettable };
}

/** Says of a path that a customer does not have which one was probably meant. */
export function adviceOn(path: string): string {
  const settable = customerColumns.filter(({ isSettable }) => isSettable).map((column) => column.path);
  const meant = nearest(path, settable) ?? settable.find((each) => each.endsWith(`/${path}`));
  return meant === undefined
    ? `'${path}' is none of ${settable.join(", ")}.`
    : `'${path}' is no property of a customer. Did you mean '${meant}'?`;
}

/** Completes what is given to the body of a new customer: both profiles are there, if need be empty. The server judges the rest. */
export function newCustomer(values: Values): CustomerCreate {
  return Object.assign({ companyProfile: {}, billingProfile: {} }, values);
}

function readValue(column: Column, text: string): unknown {
  try {
    return text === "" ? null : parseCell(text, column.kind);
  } catch (error) {
    if (error instanceof CellError) throw new ConfigurationError(`'${column.path}' ${error.message}`);
    throw error;
  }
}

function readFile(file: string | undefined): Values {
  if (file === undefined) return {};
  const json = parseJson(file, readFileSync(file === "-" ? 0 : file, "utf8"));
  if (isValues(json)) return json;
  throw new ConfigurationError(`${file} must hold an object of JSON.`);
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`${file} is no JSON: ${error instanceof Error ? error.message : ""}`);
  }
}
