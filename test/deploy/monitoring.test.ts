import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { startBeforeAll } from "../support/own-server.ts";
import { createStorage, type ServerProcess, startProcess } from "../support/process.ts";
import { parseScrape, type Sample, sum } from "../support/scrape.ts";
import { engines, eventually, type Json, newDomain } from "../support/service.ts";

const folder = new URL("../../deploy/", import.meta.url);
const operationsPath = "/v1.0/customerCreationOperations";
const customer = { companyProfile: {}, billingProfile: { companyName: "Contoso" } };
const customers = 12;
/** What Prometheus itself adds to a scrape. */
const added = { names: ["up"], labels: ["instance", "job", "le"] };

const dashboard: Json = JSON.parse(readFileSync(new URL("grafana-dashboard.json", folder), "utf8"));
const alerts: Json = parse(readFileSync(new URL("alerts.yaml", folder), "utf8"));
const panels = dashboard.panels.filter((panel: Json) => panel.type !== "row");
const rules = alerts.groups.flatMap((group: Json) => group.rules);
const expressions: readonly (readonly [string, string])[] = [
  ...panels.flatMap((panel: Json) => panel.targets.map((target: Json) => [panel.title, target.expr])),
  ...rules.map((rule: Json) => [rule.alert, rule.expr]),
];

describe.each(engines)("a server on %s under load", (engine) => {
  const { server } = startBeforeAll(engine, ["--metrics-port", "0", "--local-failure-rate", "0.3"]);
  let samples: readonly Sample[];
  beforeAll(async () => {
    await Promise.all(Array.from({ length: customers }, () => addCustomer(server)));
    samples = await scrape(server);
  }, 90_000);

  test("counts everything that it has done", () => {
    const done = "tenantry_http_request_duration_seconds_count";
    const ended = sum(samples, "tenantry_operations_ended_total");

    expect(sum(samples, done, { path: "/customerCreationOperations", method: "POST", status: "2xx" })).toBe(customers);
    expect(ended).toBe(customers);
    expect(sum(samples, "tenantry_database_connections")).toBeGreaterThan(0);
    expect(sum(samples, "process_resident_memory_bytes")).toBeGreaterThan(1_000_000);
  });

  test.each(expressions)("tells every series that '%s' asks for", (_title, expression) => {
    const { names, labels } = readExpression(expression);
    const told = samples.filter(({ name }) => names.includes(name));

    const missing = names.filter((name) => !added.names.includes(name) && !told.some((each) => each.name === name));
    const unknown = labels.filter(
      (label) => !added.labels.includes(label) && !told.some((each) => label in each.labels),
    );

    expect(names.length).toBeGreaterThan(0);
    expect({ missing, unknown }).toEqual({ missing: [], unknown: [] });
  });

  test("has its metrics on a port of its own alone", async () => {
    const onServer = await server.send("GET", "/metrics");
    const elsewhere = await fetch(metricsUrl(server).replace("/metrics", "/v1.0/customers"));

    expect(onServer.status).toBe(404);
    expect(elsewhere.status).toBe(404);
  });
});

test("a server in development mode has its metrics on its own port", async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);

  const response = await fetch(`${server.origins[0]}/metrics`);

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(sum(parseScrape(await response.text()), "tenantry_http_requests_under_way")).toBe(0);
});

test("a server for partners has no metrics where partners are, unless it has a port for them", async () => {
  await using storage = await createStorage("sqlite");
  const keys = join(storage.directory, "keys");
  writeFileSync(keys, randomBytes(32).toString("base64"));
  const trust = ["--issuer", "https://issuer.example", "--audience", "api://tenantry", "--credential-keys-file", keys];
  await using server = await startProcess([...storage.flags, ...trust]);

  const response = await fetch(`${server.origins[0]}/metrics`);

  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain("tenantry_");
  expect(metricsUrl(server)).toBe("");
});

test("the dashboard and the rules say what they show", () => {
  const untold = [...panels, ...rules].filter((each: Json) => !(each.title || each.annotations?.summary));

  expect(panels.length).toBeGreaterThan(10);
  expect(rules.length).toBeGreaterThan(8);
  expect(untold).toEqual([]);
});

/** Reads the names of metrics and labels in an expression of PromQL. */
function readExpression(expression: string): { readonly names: readonly string[]; readonly labels: readonly string[] } {
  const labels = new Set<string>();
  const rest = expression
    .replaceAll(/\bby \(([^)]*)\)/g, (_, list: string) => {
      for (const label of list.split(",")) labels.add(label.trim());
      return " ";
    })
    .replaceAll(/\{([^}]*)\}/g, (_, matchers: string) => {
      for (const [, label = ""] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"[^"]*"/g)) labels.add(label);
      return " ";
    })
    .replaceAll(/\[[^\]]*\]/g, " ");
  // What is left are functions, which stand before a parenthesis, metrics and numbers.
  const names = [...rest.matchAll(/\b[a-z_][a-z0-9_]*\b(?!\s*\()/g)].map(([name]) => name);
  return { names, labels: [...labels] };
}

function metricsUrl({ banner }: ServerProcess): string {
  return /^ {2}(http:\S+\/metrics)$/m.exec(banner)?.[1] ?? "";
}

async function scrape(server: ServerProcess): Promise<readonly Sample[]> {
  return parseScrape(await (await fetch(metricsUrl(server))).text());
}

/** Adds a customer and waits for the end of its operation, whichever it is. */
async function addCustomer(server: ServerProcess): Promise<void> {
  const { json } = await server.send("POST", operationsPath, { domain: newDomain() });
  await server.send("POST", `${operationsPath}/${json.id}/customer/$ref`, customer);
  await eventually(async () => {
    const operation = await server.send("GET", `${operationsPath}/${json.id}`);
    return operation.json.status === "running" ? undefined : true;
  }, 28);
}
