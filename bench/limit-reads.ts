import type { Answer } from "./limit-answer.ts";
import { customerProperties, entityTag, printCustomer, printSelected } from "./limit-rows.ts";
import type { Cursor, LimitStore } from "./limit-store.ts";

const pageSize = 100;

export async function readCustomer(store: LimitStore, root: string, id: string): Promise<Answer> {
  const row = await store.findCustomer(id);
  if (row === undefined) return { status: 404, headers: {} };
  return { status: 200, headers: {}, body: printCustomer(row, root) };
}

/** One page of the customers whose company's name begins with a text: the one query that there is. */
export async function readPage(store: LimitStore, root: string, url: string): Promise<Answer> {
  const { searchParams } = new URL(url, root);
  const [, prefix = ""] = /'(.*)'/.exec(searchParams.get("$filter") ?? "") ?? [];
  const token = searchParams.get("$skiptoken");
  const cursor: Cursor = token === null ? [prefix, ""] : JSON.parse(token);
  const bound = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  const rows = await store.listByName(cursor, bound, pageSize + 1);
  const shown = rows.slice(0, pageSize);
  const select = searchParams.get("$select");
  const body = { "@odata.context": `${root}/$metadata#customers(${select})`, value: shown.map(printSelected) };
  const last = shown.at(-1);
  if (rows.length <= pageSize || last === undefined) return { status: 200, headers: {}, body };
  searchParams.set("$skiptoken", JSON.stringify([last["companyProfile_companyName"], last["id"]]));
  const nextLink = `${root}/customers?${searchParams}`;
  return { status: 200, headers: {}, body: { ...body, "@odata.nextLink": nextLink } };
}

/** One page of what has become of the customers that have changed, each at the place of its last change. */
export async function readChanges(store: LimitStore, root: string, url: string): Promise<Answer> {
  const place = new URL(url, root).searchParams.get("$deltatoken") ?? "0";
  const rows = await store.listChanges(place, pageSize + 1);
  const shown = rows.slice(0, pageSize);
  const value = shown.map((row) => {
    if (row["deletedDateTime"] !== null) return { id: row["id"], "@removed": { reason: "deleted" } };
    return { ...entityTag(row), ...customerProperties(row) };
  });
  const end = rows.length > pageSize ? "nextLink" : "deltaLink";
  const link = `${root}/customers/delta()?$deltatoken=${shown.at(-1)?.["position"] ?? place}`;
  return {
    status: 200,
    headers: {},
    body: { "@odata.context": `${root}/$metadata#customers`, value, [`@odata.${end}`]: link },
  };
}
