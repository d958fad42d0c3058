import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Server as TlsServer } from "node:tls";

const silentMillisecondsMax = 1_000;

/** The requests that a server is answering, and the connections on which none has come yet. */
export interface UnderWay {
  /** How many requests are being answered. */
  count(): number;
  /** Notes a request whose headers have come, by its answer. */
  add(answer: ServerResponse): void;
  /**
   * Waits until no request is being answered, when no connection is accepted any more. Whoever has just connected is
   * about to ask, so it is waited for that too, but not for longer than a second.
   */
  over(): Promise<void>;
}

/**
 * Watches the connections of a server. Requests are counted and not kept in a Set, though it would be shorter: V8 lets each
 * table of a Set that grows and shrinks lead to the next one, so that what was in one is kept, request after request, until
 * the whole heap is collected (docs/decisions/0181-memory.md).
 */
export function watchConnections(server: Server): UnderWay {
  const answers = tally();
  const silent = new Map<Socket | null, PromiseWithResolvers<void>>();

  server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) => {
    silent.set(socket, Promise.withResolvers());
    socket.once("close", () => hear(socket));
  });
  function hear(socket: Socket | null): void {
    silent.get(socket)?.resolve();
    silent.delete(socket);
  }
  return {
    count: answers.count,
    add(answer) {
      hear(answer.socket);
      answers.add();
      // Also when the client has gone away meanwhile.
      answer.on("close", answers.remove);
    },
    async over() {
      const heard = Promise.all([...silent.values()].map(({ promise }) => promise));
      await Promise.race([heard, sleep(silentMillisecondsMax, undefined, { ref: false })]);
      // One that comes while others are waited for is answered like them.
      await answers.none();
    },
  };
}

/** Counts what comes and goes, and tells when nothing is left. */
function tally() {
  let size = 0;
  let tellNone: () => void = () => undefined;
  return {
    count: () => size,
    add(): void {
      size += 1;
    },
    remove(): void {
      size -= 1;
      if (size === 0) tellNone();
    },
    none: () =>
      new Promise<void>((resolve) => {
        tellNone = resolve;
        if (size === 0) resolve();
      }),
  };
}
