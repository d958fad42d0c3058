import { texts } from "../texts.ts";
import { callbackPath, type PortalConfig, readPortalConfig } from "./portal-config.ts";
import { keepSession, readSession, type Session } from "./session.ts";

/** What is known when the page has loaded. */
export interface Beginning {
  readonly config: PortalConfig;
  readonly session?: Session | undefined;
  /** Why there is no session, if one was tried for. */
  readonly failure?: string;
}

/** Finds out how people sign in and who is signed in; someone who comes back from the issuer is from now on. */
export async function begin(): Promise<Beginning> {
  const config = await readPortalConfig();
  const { signIn } = config;
  if (signIn === undefined || location.pathname !== callbackPath) return { config, session: readSession() };
  try {
    const { completeSignIn } = await import("./oidc.ts");
    const { session, from } = await completeSignIn(signIn);
    history.replaceState(null, "", from);
    return { config, session: keepSession(session) };
  } catch (error) {
    history.replaceState(null, "", "/portal/");
    return { config, failure: texts.signIn.failed(error instanceof Error ? error.message : String(error)) };
  }
}
