import { hash } from "node:crypto";
import { mediaTypes, prefersPage } from "../odata/media.ts";
import { offers } from "../onboarding/offers.ts";
import { printPolicy } from "./page-policy.ts";
import type { Request, Response } from "./request.ts";
import { type Asked, printDocument } from "./respond.ts";

/** Answers a browser that asks for the server itself with a page of all that is here; undefined for any other client. */
export function answerFrontPage(pathname: string, request: Request, asked: Asked): Response | undefined {
  const isReading = request.method === "GET" || request.method === "HEAD";
  if (pathname !== "/" || !isReading || !prefersPage(request.headers["accept"])) return undefined;
  return printDocument(asked, printPage(request.origin), mediaTypes.html, { "Content-Security-Policy": policy });
}

/** The documents that anyone may read: where, and what they are. */
const documents = [
  ["/v1.0", "The service document of OData."],
  ["/v1.0/$metadata", "The schema, as CSDL in XML."],
  ["/v1.0/$metadata?$format=json", "The schema, as CSDL in JSON."],
  ["/v1.0/openapi.json", "OpenAPI 3."],
  ["/v1.0/swagger.json", "Swagger 2.0, for custom connectors of Power Automate and Logic Apps."],
  ["/healthz", "Whether the process lives."],
  ["/readyz", "Whether it can take requests."],
] as const;

function printPage(origin: string): string {
  const rows = offers.map(({ method, path, summary, permission }) =>
    printRow([code(method), code(`/v1.0${path}`), summary, code(permission)]),
  );
  const links = documents.map(
    ([path, meaning]) => `<li><a href="${escapeHtml(path)}">${escapeHtml(path)}</a> ${escapeHtml(meaning)}</li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tenantry</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Tenantry</h1>
<p>Customer onboarding for cloud resellers, in the manner of Microsoft Graph.</p>
<p><a href="/portal/">The portal</a> is for people: it shows customers and operations, and adds more.
<a href="/docs/">The documentation</a> begins with a <a href="/docs/tutorial">tutorial</a>, and
<a href="/docs/api">shows the API</a> with forms to try it.</p>
<h2>Documents</h2>
<ul>
${links.join("\n")}
</ul>
<h2>First steps</h2>
<p>On the machine of the server, in development mode:</p>
<pre>npx tenantry customers add --wait --url ${escapeHtml(origin)} \\
  --set companyProfile/domain=contoso.onmicrosoft.com --set billingProfile/companyName=Contoso
npx tenantry customers list --url ${escapeHtml(origin)}
curl ${escapeHtml(origin)}/v1.0/customers -H "Authorization: Bearer $(npx tenantry token)"</pre>
<h2>What can be asked for</h2>
<p>All of it is under <code>/v1.0</code> and <code>/beta</code>, with a bearer token, and in <code>POST /v1.0/$batch</code>.</p>
<div class="wide">
<table>
<thead>${printRow(["Method", "Path", "What it does", "Least permission"], "th")}</thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</div>
</main>
</body>
</html>
`;
}

function printRow(cells: readonly string[], tag: "td" | "th" = "td"): string {
  const scope = tag === "th" ? ' scope="col"' : "";
  return `<tr>${cells.map((cell) => `<${tag}${scope}>${cell}</${tag}>`).join("")}</tr>`;
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 "Segoe UI", system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-weight: 600; }
h2 { margin-top: 2rem; font-weight: 600; }
pre, .wide { overflow-x: auto; }
pre { padding: 1rem; border: 1px solid GrayText; border-radius: 4px; }
code, pre { font: 0.875rem/1.5 ui-monospace, Consolas, monospace; }
td code { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.375rem 0.75rem 0.375rem 0; border-bottom: 1px solid GrayText; text-align: left; vertical-align: top; }
`;

// The page has one style and nothing else (CSP Level 3 section 8.4).
const policy = printPolicy([`style-src 'sha256-${hash("sha256", style, "base64")}'`]);
