import type { Client } from "../client/client.ts";

/** Tells each step of an operation until it has succeeded. Another end is an OperationError. */
export function followOperation(client: Client, id: string, tell: (line: string) => void): Promise<void> {
  return client.customerCreationOperations.finish(id, {
    onProgress: ({ status, stage, percentComplete }) => tell(`${status}, ${stage}, ${percentComplete} %`),
  });
}
