import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { LRUCache } from "lru-cache";
import { type Row, UniqueViolation } from "./database.ts";
import { printStatement, sqliteDialect } from "./dialect.ts";
import type { Statement } from "./sql.ts";
import type { Command, Fault, Message, Numbered, Outcome, Reply } from "./sqlite-messages.ts";

const statementsMax = 500;

// By way of its room: what was put together for the package lies in another one. It is compiled if this one is.
const entry = new URL(`../store/sqlite-worker${extname(import.meta.url)}`, import.meta.url);

/** The connection that writes, in a thread of its own: what it is told is done in turn. */
export interface Writer {
  /** Commits writes together, each of which is kept or not for itself; when it answers, they are on disk. */
  commit(writes: readonly (readonly Statement[])[]): Promise<readonly Outcome[]>;
  /** Runs one statement in the transaction that has been begun. */
  run(statement: Statement): Promise<readonly Row[]>;
  /** Runs one of the words that begin, steer or end a transaction. */
  steer(text: string): Promise<void>;
  /** Whether a transaction was open after what was answered last. */
  isInTransaction(): boolean;
  /** How much it was told that it has not answered. */
  pending(): number;
  close(): Promise<void>;
}

/** Makes the writer of a database file. Its thread begins when there is something to write, in a new file at once. */
export function openWriter(file: string, { isNew }: { readonly isNew: boolean }): Writer {
  const waiting: ((reply: Reply) => void)[] = [];
  const { numbered, tell } = numbering();
  let isClosed = false;
  let isOpen = false;
  let worker = isNew ? start() : undefined;
  worker?.unref();

  function start(): Worker {
    const started = new Worker(entry, { workerData: file });
    started.on("message", (replies: readonly Reply[]) => {
      for (const reply of replies) {
        isOpen = reply.isOpen;
        waiting.shift()?.(reply);
      }
      // What is not answered keeps the process alive, and nothing else.
      if (waiting.length === 0) started.unref();
    });
    return started;
  }

  async function send(command: Command): Promise<Reply> {
    if (isClosed) throw new Error("The database is closed.");
    worker ??= start();
    if (waiting.length === 0) worker.ref();
    worker.postMessage(tell(command));
    return new Promise((resolve) => waiting.push(resolve));
  }

  async function sendOne(command: Command): Promise<readonly Row[]> {
    const { outcomes } = await send(command);
    return rowsOf(outcomes[0])[0] ?? [];
  }

  return {
    async commit(writes) {
      const { outcomes } = await send({ kind: "commit", writes: writes.map((statements) => statements.map(numbered)) });
      return outcomes;
    },
    run: (statement) => sendOne({ kind: "run", statement: numbered(statement) }),
    async steer(text) {
      await sendOne({ kind: "steer", text });
    },
    isInTransaction: () => isOpen,
    pending: () => waiting.length,
    async close() {
      const ended = worker === undefined ? undefined : once(worker, "exit");
      const closing = worker === undefined ? undefined : sendOne({ kind: "close" });
      isClosed = true;
      await closing;
      worker?.ref();
      await ended;
    },
  };
}

/** Gives the rows of a write, or throws what kept it from being done. */
export function rowsOf(outcome: Outcome | undefined): readonly (readonly Row[])[] {
  if (outcome === undefined) throw new Error("The writer has not said what became of it.");
  if ("rows" in outcome) return outcome.rows;
  throw errorOf(outcome.fault);
}

function errorOf({ message, code }: Fault): Error {
  const error = Object.assign(new Error(message), { code });
  const isUniqueViolation = code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY";
  // "UNIQUE constraint failed: customers.partnerId, customers.externalId"; of an index on an expression it names the index.
  return isUniqueViolation ? new UniqueViolation(error, /failed: (\w+)\./.exec(message)?.[1]) : error;
}

/** Gives statements numbers, by which the thread knows those that it was told before. */
function numbering() {
  let count = 0;
  let news: (readonly [number, string])[] = [];
  let stale: number[] = [];
  const numbers = new LRUCache<readonly string[], number>({
    max: statementsMax,
    dispose: (number) => stale.push(number),
  });

  function numbered(statement: Statement): Numbered {
    let number = numbers.get(statement.texts);
    if (number === undefined) {
      number = count++;
      numbers.set(statement.texts, number);
      news.push([number, printStatement(sqliteDialect, statement)]);
    }
    return [number, statement.values];
  }

  function tell(command: Command): Message {
    const message = { command, news, stale };
    news = [];
    stale = [];
    return message;
  }

  return { numbered, tell };
}
