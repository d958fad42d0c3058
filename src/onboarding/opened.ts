import { LRUCache } from "lru-cache";
import type { Operation } from "../model/customer-creation-operation.ts";
import type { RowKey } from "../store/changes.ts";
import type { Database } from "../store/database.ts";

const operationsMax = 1_000;

/** The operations that this process has opened last, as they were then: the next request for most of them adds the customer. */
export interface OpenedOperations {
  remember(operation: Operation): void;
  /** Gives an operation, once. Others may have changed it since: whoever writes must name the version. */
  take(key: RowKey): Operation | undefined;
}

/**
 * Remembers operations, and forgets the oldest first. On SQLite it remembers none: a read is a call of a function there,
 * and many clients at once were slower without it (decision 0173).
 */
export function openedOperations({ dialect }: Database): OpenedOperations {
  const operations = new LRUCache<string, Operation>({ max: operationsMax });
  return {
    remember(operation) {
      if (dialect.engine === "postgres") operations.set(nameOf(operation), operation);
    },
    take(key) {
      const name = nameOf(key);
      const operation = operations.get(name);
      operations.delete(name);
      return operation;
    },
  };
}

function nameOf({ partnerId, id }: RowKey): string {
  return `${partnerId} ${id}`;
}
