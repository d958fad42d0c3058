/** A request as it stands in the explorer. */
export interface Draft {
  readonly method: string;
  /** Path and query under `/v1.0`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The same request for curl, with the token in the variable TOKEN. */
export function printCurl(origin: string, { method, path, headers, body }: Draft): string {
  const lines = [
    `curl -i -X ${method} ${quote(`${origin}/v1.0${encodePath(path)}`)}`,
    `  -H "Authorization: Bearer $TOKEN"`,
    ...Object.entries(headers).map(([name, value]) => `  -H ${quote(`${name}: ${value}`)}`),
    ...(body === "" ? [] : [`  -H 'Content-Type: application/json'`, `  --data-raw ${quote(body)}`]),
  ];
  return lines.join(" \\\n");
}

/** The same request in code, with the client of Tenantry. */
export function printClientCode(origin: string, { method, path, headers, body }: Draft): string {
  const parts = [
    `method: ${JSON.stringify(method)}`,
    `path: ${JSON.stringify(path)}`,
    ...(Object.keys(headers).length === 0 ? [] : [`headers: ${JSON.stringify(headers)}`]),
    ...(body === "" ? [] : [`body: ${body.replaceAll("\n", "\n  ")}`]),
  ];
  return `import { createClient } from "tenantry/client";

const client = createClient({
  url: ${JSON.stringify(`${origin}/v1.0`)},
  token: () => process.env.TOKEN ?? "",
});

const answer = await client.send({
  ${parts.join(",\n  ")},
});
console.log(answer.status);
if (answer.status !== 204) console.log(answer.json());
`;
}

/** The same request in code, with the Graph client for JavaScript. */
export function printGraphCode(origin: string, { method, path, headers, body }: Draft): string {
  const { hostname } = new URL(origin);
  const calls = Object.entries(headers).map(
    ([name, value]) => `\n  .header(${JSON.stringify(name)}, ${JSON.stringify(value)})`,
  );
  const verb = method.toLowerCase();
  return `import { Client } from "@microsoft/microsoft-graph-client";

const client = Client.init({
  baseUrl: ${JSON.stringify(`${origin}/`)},
  customHosts: new Set([${JSON.stringify(hostname)}]),
  authProvider: (done) => done(null, process.env.TOKEN),
});

const answer = await client
  .api(${JSON.stringify(path)})${calls.join("")}
  .${verb}(${body === "" ? "" : body});
console.log(answer);
`;
}

/** The path with everything encoded that an address cannot hold. */
export function encodePath(path: string): string {
  return path.replaceAll(/[^\w\-.~:/?#[\]@!$&'()*+,;=%]/gu, (sign) => encodeURIComponent(sign));
}

// POSIX shell, section 2.2.2: between single quotes everything stands for itself but the quote.
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
