import { setTimeout as sleep } from "node:timers/promises";
import { defaultPartner } from "../src/cli/token.ts";
import { createToken, startOurs } from "./contenders.ts";
import { customerBody } from "./customer-body.ts";
import type { Place } from "./place.ts";
import { readTemplate, type Template } from "./seed.ts";

const label = "template";
const pollMilliseconds = 20;
const pollsMax = 500;

/** What was done at a place before anything is measured there. */
export interface Beginning {
  readonly template: Template;
  readonly token: string;
  /** Tells of everything that is written from now on. */
  readonly deltaPath: string;
}

/** Lets the product itself make the tables of a place and one customer in them, and ends it again. */
export async function begin(place: Place): Promise<Beginning> {
  const token = await writeTemplate(place);
  return { ...token, template: await readTemplate(place, defaultPartner, label) };
}

async function writeTemplate(place: Place) {
  await using server = await startOurs(place, undefined);
  const token = await createToken(place);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const send = async (path: string, body?: object) => {
    const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(server.origin + path, { headers, ...sent });
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
    return JSON.parse(await response.text());
  };
  const { id } = await send("/v1.0/customers", customerBody(label));
  for (let polls = 0; (await send(`/v1.0/customers/${id}`)).lifecycleState !== "active"; polls++) {
    if (polls === pollsMax) throw new Error("The first customer did not become active.");
    await sleep(pollMilliseconds);
  }
  const { "@odata.deltaLink": deltaLink } = await send("/v1.0/customers/delta()?$deltatoken=latest");
  return { token, deltaPath: String(deltaLink).slice(server.origin.length) };
}
