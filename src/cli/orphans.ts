import type { Worker } from "node:cluster";

/** What Node hands over with a message, such as a connection. */
interface Handle {
  close(): void;
}

/**
 * Closes what a worker was just being handed when it died. Node accepts connections in the process that started the
 * workers, and closes its own end of one when the worker has said that it took it; of a worker that says nothing any more
 * it would leave it open, and the client would wait for ever. The messages are those of Node itself
 * (lib/internal/cluster/round_robin_handle.js); if they should change, it is as it was without this.
 */
export function closeOrphans({ process: child }: Worker): void {
  const handed = new Map<unknown, Handle>();
  child.send = new Proxy(child.send, {
    apply(send, self, sent: unknown[]) {
      const [message, handle] = sent;
      if (partOf(message, "act") === "newconn" && isHandle(handle)) handed.set(partOf(message, "seq"), handle);
      return Reflect.apply(send, self, sent);
    },
  });
  child.on("internalMessage", (message: unknown) => handed.delete(partOf(message, "ack")));
  child.once("exit", () => {
    for (const handle of handed.values()) handle.close();
    handed.clear();
  });
}

function partOf(message: unknown, name: string): unknown {
  return typeof message === "object" && message !== null ? Reflect.get(message, name) : undefined;
}

function isHandle(value: unknown): value is Handle {
  return typeof partOf(value, "close") === "function";
}
