import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import helmet from "helmet";

/**
 * The headers that keep a browser from doing with an answer what it is not for. They are the same for every answer, and
 * worked out once. Strict-Transport-Security is not among them: answers say it themselves, and only over https.
 */
export function securityHeaders(): Readonly<Record<string, string>> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet({ strictTransportSecurity: false })(request, response, (fault) => {
    if (fault !== undefined) throw new Error("The headers of security cannot be worked out.", { cause: fault });
  });
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}
