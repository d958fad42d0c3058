import {
  HttpMethod,
  type ModelSerializerFunction,
  type Parsable,
  RequestInformation,
} from "@microsoft/kiota-abstractions";
import { BaseGraphRequestAdapter, GraphAzureIdentityAuthenticationProvider } from "@microsoft/msgraph-sdk-core";

/** Opens the core of Graph's generated clients on a server, with the authentication that these use. */
export function openAdapter(origin: string, token: string): BaseGraphRequestAdapter {
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const hosts = new Set([new URL(origin).hostname]);
  const authentication = new GraphAzureIdentityAuthenticationProvider(credential, [".default"], {}, hosts);
  const adapter = new BaseGraphRequestAdapter("v1.0", "1.0.0", authentication);
  adapter.baseUrl = `${origin}/v1.0`;
  return adapter;
}

/** A request as a generated client builds it: a URL template, and its parameters by name. */
export function requestOf(
  method: HttpMethod,
  template: string,
  parameters: Readonly<Record<string, string | number | boolean | string[]>> = {},
): RequestInformation {
  return new RequestInformation(method, `{+baseurl}${template}`, { ...parameters });
}

/** Gives a request a JSON body, written by the serializer of its type. */
export function withBody<T extends Parsable>(
  adapter: BaseGraphRequestAdapter,
  request: RequestInformation,
  value: T,
  write: ModelSerializerFunction<T>,
): RequestInformation {
  request.setContentFromParsable(adapter, "application/json", value, write);
  return request;
}

export const { GET, POST, PATCH, DELETE } = HttpMethod;
