import { texts } from "../texts.ts";

/** Where people sign in, and as which application. */
export interface SignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
}

/** What the server tells the portal before anyone has signed in. */
export interface PortalConfig {
  readonly signIn?: SignIn;
  readonly development: boolean;
}

/** The path to which the issuer sends people back. */
export const callbackPath = "/portal/signed-in";

/** Asks the server how people sign in. */
export async function readPortalConfig(): Promise<PortalConfig> {
  const response = await fetch("/portal/config.json");
  if (!response.ok) throw new Error(texts.answered(response.status));
  return response.json();
}
