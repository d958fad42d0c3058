/** Who is signed in. */
export interface Session {
  readonly token: string;
  /** What the person or application is called. */
  readonly name: string;
}

const sessionKey = "tenantry.session";

/**
 * Reads the session of this tab. A token in the fragment of the address, as the server prints it in development mode,
 * begins one; it is taken out of the address, and a fragment is never sent to a server.
 */
export function readSession(): Session | undefined {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (token !== undefined) {
    history.replaceState(null, "", location.pathname + location.search);
    return keepSession(sessionOf(token));
  }
  const kept = sessionStorage.getItem(sessionKey);
  return kept === null ? undefined : JSON.parse(kept);
}

/** Keeps a session for this tab: it ends with it, and no other tab sees it. */
export function keepSession(session: Session): Session {
  sessionStorage.setItem(sessionKey, JSON.stringify(session));
  return session;
}

export function forgetSession(): void {
  sessionStorage.removeItem(sessionKey);
}

/** The session of a bare token. Its claims are read for the name alone; the server is who believes it or not. */
export function sessionOf(token: string): Session {
  return { token, name: nameIn(token) };
}

function nameIn(token: string): string {
  try {
    const claims = JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
    const names = [claims.name, claims.preferred_username, claims.azp, claims.sub];
    return names.find((each) => typeof each === "string" && each !== "") ?? "";
  } catch {
    return "";
  }
}
