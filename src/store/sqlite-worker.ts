import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import SqliteDatabase from "better-sqlite3";
import type { Row } from "./database.ts";
import type { Value } from "./sql.ts";
import { type Connection, openConnection, type Prepared, runPrepared } from "./sqlite-connection.ts";
import {
  type Command,
  type Fault,
  groupSizeMax,
  type Message,
  type Numbered,
  type Outcome,
  type Reply,
} from "./sqlite-messages.ts";

/*
 * The thread that writes the embedded database. It waits for the disk, so that the thread that answers need not; what
 * comes meanwhile is committed together.
 */
if (parentPort === null) throw new Error("This is a thread of the server.");
serve(parentPort, openConnection(String(workerData)));

function serve(port: MessagePort, connection: Connection): void {
  const { learn, run, forget } = statementsOf(connection);
  const steer = steering(connection);

  port.on("message", (first: Message) => {
    const messages = takeGroup(port, first);
    for (const message of messages) learn(message);
    port.postMessage(groupsOf(messages.map(({ command }) => command)).flatMap(carryOut));
    for (const message of messages) forget(message);
    if (!connection.open) port.close();
  });

  function carryOut(commands: readonly Command[]): readonly Reply[] {
    return isCommit(commands[0]) ? commit(commands) : commands.map((command) => replyOf([step(command)]));
  }

  function replyOf(outcomes: readonly Outcome[]): Reply {
    return { outcomes, isOpen: connection.inTransaction };
  }

  /** Commits the writes of all these commands together. */
  function commit(commands: readonly Command[]): readonly Reply[] {
    try {
      steer("begin immediate");
      const writes = commands.map(writesOf);
      // What is alone ends with its transaction, and needs nothing to go back to.
      const runOne = writes.flat().length === 1 ? runWrite : runSavepoint;
      const outcomes = writes.map((each) => each.map(runOne));
      steer("commit");
      return outcomes.map(replyOf);
    } catch (error) {
      if (connection.inTransaction) steer("rollback");
      const fault = faultOf(error);
      return commands.map((command) => replyOf(writesOf(command).map(() => ({ fault }))));
    }
  }

  function runWrite(write: readonly Numbered[]): Outcome {
    return { rows: write.map(run) };
  }

  function runSavepoint(write: readonly Numbered[]): Outcome {
    steer("savepoint one");
    try {
      const outcome = runWrite(write);
      steer("release one");
      return outcome;
    } catch (error) {
      // A full disk and the like end the whole transaction: then there is no savepoint to go back to.
      if (!connection.inTransaction) throw error;
      steer("rollback to one");
      steer("release one");
      return { fault: faultOf(error) };
    }
  }

  function step(command: Command): Outcome {
    try {
      if (command.kind === "run") return { rows: [run(command.statement)] };
      if (command.kind === "steer") steer(command.text);
      if (command.kind === "close") connection.close();
      return { rows: [] };
    } catch (error) {
      return { fault: faultOf(error) };
    }
  }
}

/** Takes what has come meanwhile, until it is enough for a transaction. */
function takeGroup(port: MessagePort, first: Message): readonly Message[] {
  const messages = [first];
  let size = writesOf(first.command).length;
  while (size < groupSizeMax) {
    const next: { readonly message: Message } | undefined = receiveMessageOnPort(port);
    if (next === undefined) break;
    messages.push(next.message);
    size += writesOf(next.message.command).length;
  }
  return messages;
}

/** Commands to commit that follow each other are one group, and of the others each is one. */
function groupsOf(commands: readonly Command[]): readonly (readonly Command[])[] {
  const groups: Command[][] = [];
  for (const command of commands) {
    const last = groups.at(-1);
    if (last !== undefined && isCommit(last[0]) && isCommit(command)) last.push(command);
    else groups.push([command]);
  }
  return groups;
}

function isCommit(command: Command | undefined): boolean {
  return command?.kind === "commit";
}

/** Keeps the statements that a connection was told, each compiled when it is first run: not before its tables are there. */
function statementsOf(connection: Connection) {
  const texts = new Map<number, string>();
  const compiled = new Map<number, Prepared>();

  return {
    learn({ news }: Message): void {
      for (const [number, text] of news) texts.set(number, text);
    },
    /** To be told after the command: it may still need what is stale behind it. */
    forget({ stale }: Message): void {
      for (const number of stale) {
        texts.delete(number);
        compiled.delete(number);
      }
    },
    run([number, values]: Numbered): readonly Row[] {
      let prepared = compiled.get(number);
      if (prepared === undefined) {
        prepared = connection.prepare<Value[], Row>(texts.get(number) ?? "");
        compiled.set(number, prepared);
      }
      return runPrepared(prepared, values);
    },
  };
}

/** Runs the words that begin, steer and end transactions: they are few, and each is compiled once. */
function steering(connection: Connection): (text: string) => void {
  const compiled = new Map<string, Prepared>();
  return (text) => {
    const prepared = compiled.get(text) ?? connection.prepare<Value[], Row>(text);
    compiled.set(text, prepared);
    prepared.run();
  };
}

function writesOf(command: Command): readonly (readonly Numbered[])[] {
  return command.kind === "commit" ? command.writes : [];
}

function faultOf(error: unknown): Fault {
  const code = error instanceof SqliteDatabase.SqliteError ? error.code : undefined;
  return { message: error instanceof Error ? error.message : String(error), code };
}
