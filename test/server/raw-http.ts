import { connect } from "node:net";

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes to a listener as they are and gives the first answer; the connection is closed after that. */
export async function sendRaw(listening: string, bytes: string | Uint8Array): Promise<RawAnswer> {
  const { hostname, port } = new URL(listening);
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes));
    socket.setTimeout(10_000, () => socket.destroy(new Error("No answer came within 10 seconds.")));
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (isWhole(Buffer.concat(chunks).toString("latin1"))) socket.end();
    });
    // A server that refuses early may reset a connection that is still sending: what it said before counts.
    socket.on("error", (error) => (chunks.length === 0 ? reject(error) : resolve()));
    socket.on("close", () => resolve());
  });
  return readAnswer(Buffer.concat(chunks).toString("utf8"));
}

/** The lines of a request, ended as HTTP wants them. */
export function requestLines(...lines: readonly string[]): string {
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1];
  if (/^transfer-encoding: *chunked/im.test(text.slice(0, end))) return text.endsWith("0\r\n\r\n");
  return text.length - end - 4 >= Number(length ?? 0);
}

function readAnswer(text: string): RawAnswer {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(first.split(" ")[1]), headers: Object.fromEntries(headers), body: body.join("\r\n\r\n") };
}
