import { ConfidentialClientApplication } from "@azure/msal-node";

// Run in a process of its own: what https trusts is read when a process starts (NODE_EXTRA_CA_CERTS).
const [authority = "", clientId = "", clientSecret = "", scope = ""] = process.argv.slice(2);
const application = new ConfidentialClientApplication({
  auth: { clientId, clientSecret, authority, knownAuthorities: [new URL(authority).host] },
  system: { protocolMode: "OIDC" },
});
const result = await application.acquireTokenByClientCredential({ scopes: [scope] });
process.stdout.write(JSON.stringify({ token: result?.accessToken, type: result?.tokenType }));
