import { type Client, OperationError } from "../client/client.ts";

/** Tells each step of an operation until it has succeeded. Another end is an OperationError. */
export async function followOperation(client: Client, id: string, tell: (line: string) => void): Promise<void> {
  for await (const operation of client.customerCreationOperations.watch(id)) {
    const { status, stage, percentComplete } = operation;
    tell(`${status}, ${stage}, ${percentComplete} %`);
    if (status === "failed" || status === "canceled") throw new OperationError(operation);
  }
}
