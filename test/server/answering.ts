import { authenticator } from "../../src/server/authenticate.ts";
import { type Handle, service } from "../../src/server/handle.ts";
import { audience, issuer, keys, type Service } from "../support/service.ts";

/** The service of a test as the network adapter knows it: a request in, an answer out. */
export async function handleOf({ context }: Service): Promise<Handle> {
  return service(context, authenticator([{ issuer, audiences: [audience], keys: { jwks: (await keys).jwks } }]));
}
