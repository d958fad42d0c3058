import { Client } from "@microsoft/microsoft-graph-client";
import { newDomain } from "../support/service.ts";

/**
 * Opens Graph's client for JavaScript on a server. It gives its token to https alone: on plain http it takes its own
 * header away, and leaves one in lower case alone.
 */
export function openClient(origin: string, token: string): Client {
  return Client.init({
    baseUrl: `${origin}/`,
    defaultVersion: "v1.0",
    authProvider: (done) => done(null, token),
    customHosts: new Set([new URL(origin).hostname]),
    ...(origin.startsWith("http:") ? { fetchOptions: { headers: { authorization: `Bearer ${token}` } } } : {}),
  });
}

/** A text that nothing else has. */
export function newName(): string {
  return newDomain().split(".")[0] ?? "";
}
