import { isIP } from "node:net";
import { isLoopback, isReachable, type Reach } from "./addresses.ts";

/** Says what is wrong with the URL of a receiver, if anything is. A name is not resolved: that is done when it is used. */
export function complainAboutUrl(text: string, reach: Reach): string | undefined {
  // What a browser would repair is not what it says: line breaks and tabs are dropped, backslashes turned around.
  if (/[\s\\]|[^\x21-\x7e]/.test(text) || !/^[a-z]+:\/\//i.test(text) || !URL.canParse(text)) {
    return "must be an absolute URL in ASCII, such as https://app.fabrikam.example/notifications";
  }
  const url = new URL(text);
  const host = hostOf(url);
  const isLocal = host === "localhost" || isLoopback(host);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && reach.loopback && isLocal)) {
    return `must begin with https://${reach.loopback ? ", or with http:// on this machine" : ""}`;
  }
  if (url.username !== "" || url.password !== "") return "must hold no user name and no password";
  if (text.includes("#")) return "must have no fragment: it would never be sent";
  if ((isIP(host) !== 0 && !isReachable(host, reach)) || (host === "localhost" && !reach.loopback)) {
    return "must lead to an address that is public, or to one that the operator has opened";
  }
  return undefined;
}

/** The host of a URL; of an IPv6 address without the brackets. The parser has made numbers of any form plain. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}
