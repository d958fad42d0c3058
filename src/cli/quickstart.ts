import { readFileSync } from "node:fs";
import tls from "node:tls";
import { Client, ResponseType } from "@microsoft/microsoft-graph-client";
import { closeOnSignal } from "./close-on-signal.ts";
import type { Configuration } from "./config.ts";
import { readDevelopmentKey, signToken } from "./development-key.ts";
import { ConfigurationError } from "./setting.ts";
import { startServer } from "./start.ts";
import type { Running } from "./start-on.ts";
import { defaultPartner } from "./token.ts";

const pollMilliseconds = 200;
const storyMillisecondsMax = 60_000;

/** What a step of the story came to. */
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

type Send = (method: "GET" | "POST", path: string, body?: object) => Promise<Answer>;

/** Starts the server and tells the whole story through the official Graph client; then the server stays, or ends. */
export async function quickstart(configuration: Configuration, exit: boolean): Promise<void> {
  if (!configuration.development || configuration.tls !== "auto") {
    throw new ConfigurationError(
      "The quickstart signs its own token and speaks https: use it with --dev and --tls auto.",
    );
  }
  const running = await startServer(configuration);
  try {
    await tell(await graphClient(configuration, running));
  } catch (error) {
    await running.close();
    throw error;
  }
  if (exit) return running.close();
  print(["", `The server stays up at ${running.origins.join(" and ")}; Ctrl+C ends it.`, ""]);
  closeOnSignal(running.close, configuration);
}

async function tell(send: Send): Promise<void> {
  const domain = `fabrikam${Date.now().toString(36)}.onmicrosoft.com`;
  print(["", "1. Open an operation: the domain is reserved."]);
  const opened = await send("POST", "/customerCreationOperations", { domain });
  const operation = `/customerCreationOperations/${String(opened.body["id"])}`;
  show(opened, 201, ["id", "domain", "status", "expirationDateTime"]);

  print(["", "2. Add the customer: the call of the documentation page, with real data."]);
  const attached = await send("POST", `${operation}/customer/$ref`, fabrikam);
  show(attached, 204, []);
  for (const name of ["Location", "Operation-Location"]) print([`     ${name}: ${attached.headers.get(name)}`]);

  print(["", "3. Follow the operation until it has succeeded."]);
  await follow(send, operation);

  print(["", "4. Read the customer back."]);
  const [version = "", ...path] = new URL(attached.headers.get("Location") ?? "").pathname.split("/").slice(1);
  const customer = await send("GET", `/${path.join("/")}`);
  show(customer, 200, [
    "id",
    "tenantId",
    "lifecycleState",
    "relationshipToPartner",
    "companyProfile",
    "billingProfile",
  ]);
  if (customer.body["lifecycleState"] !== "active" || typeof customer.body["tenantId"] !== "string") {
    throw new Error(`The customer under /${version} is not active.`);
  }
}

async function follow(send: Send, operation: string): Promise<void> {
  const deadline = Date.now() + storyMillisecondsMax;
  let shown = "";
  while (Date.now() < deadline) {
    const { status, body } = await send("GET", operation, undefined);
    const line = `${body["status"]}, ${body["stage"]}, ${body["percentComplete"]} %`;
    if (line !== shown) print([`   GET ${operation} → ${status}`, `     ${line}`]);
    shown = line;
    if (body["status"] === "succeeded") return;
    if (body["status"] !== "running") throw new Error(`The operation is ${body["status"]}.`);
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
  throw new Error(`The operation did not succeed within ${storyMillisecondsMax / 1000} seconds.`);
}

/** The official client sends its token over https alone, so it is told of the local certificate authority first. */
async function graphClient(configuration: Configuration, running: Running): Promise<Send> {
  const origin = running.origins[1] ?? "";
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), readFileSync(running.caFile ?? "", "utf8")]);
  const key = await readDevelopmentKey(configuration.dataDirectory);
  const token = await signToken(key, {
    partnerId: defaultPartner,
    permissions: ["Customer.ReadWrite.All"],
    expires: "1h",
  });
  const client = Client.init({
    authProvider: (done) => done(null, token),
    baseUrl: origin,
    defaultVersion: "v1.0",
    customHosts: new Set([new URL(origin).hostname]),
  });
  return async (method, path, body) => {
    const request = client.api(path).responseType(ResponseType.RAW);
    if (method === "POST") print([`   POST ${path}`]);
    const response: Response = method === "GET" ? await request.get() : await request.post(body);
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return answer;
  };
}

function show(answer: Answer, expected: number, names: readonly string[]): void {
  print([`   → ${answer.status}`]);
  for (const name of names) print([`     ${name}: ${JSON.stringify(answer.body[name])}`]);
  if (answer.status !== expected) throw new Error(`The answer should have been ${expected}.`);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

const fabrikam = {
  "@odata.type": "#microsoft.graph.customer",
  companyProfile: {
    "@odata.type": "microsoft.graph.companyProfile",
    companyName: "Fabrikam Portugal Lda",
  },
  billingProfile: {
    "@odata.type": "microsoft.graph.billingProfile",
    companyName: "Fabrikam Portugal Lda",
    firstName: "Ana",
    lastName: "Reis",
    email: "ana.reis@fabrikam.example",
    culture: "pt-PT",
    language: "pt",
    defaultAddress: {
      country: "PT",
      addressLine1: "Rua Augusta 12",
      city: "Lisboa",
      postalCode: "1100-053",
      firstName: "Ana",
      lastName: "Reis",
      phoneNumber: "+351210000000",
    },
  },
} as const;
