import pino, { type DestinationStream, type Logger } from "pino";
import type { Configuration } from "./config.ts";

const causesMax = 5;

// Writes of so many bytes are never torn apart by those of other processes into the same pipe (pipe(7), PIPE_BUF).
const bytesPerWriteMax = 4_096;

/** Opens the log that a configuration asks for. Several processes may write into it. */
export function openLog({ logLevel, logFile }: Pick<Configuration, "logLevel" | "logFile">): Logger {
  const destination = pino.destination({ dest: logFile ?? 2, sync: false, maxWrite: bytesPerWriteMax });
  return makeLog(logLevel, destination);
}

/** Makes the log: lines of JSON, in which errors are told without the values that they may quote. */
export function makeLog(level: string, destination: DestinationStream): Logger {
  return pino({ level, serializers: { err: describeError } }, destination);
}

/** What is told of an error. */
interface Description {
  readonly type: string;
  readonly message: string;
  readonly frames: readonly string[];
  readonly cause?: Description;
  /** What a database says of its own names. */
  readonly [name: string]: unknown;
}

const ownNames = ["code", "table", "column", "constraint", "routine", "syscall"] as const;

// Databases and parsers quote values in their messages, and PostgreSQL shows whole rows in `detail`: personal data.
function describeError(error: unknown, depth = 0): Description {
  if (!(error instanceof Error))
    return { type: typeof error, message: "Something was thrown that is no error.", frames: [] };
  const known = new Map<string, unknown>(Object.entries(error));
  const names = ownNames.flatMap((name) => (typeof known.get(name) === "string" ? [[name, known.get(name)]] : []));
  return {
    type: error.name,
    message: withoutValues(error.message),
    ...Object.fromEntries(names),
    frames: (error.stack ?? "")
      .split("\n")
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim()),
    ...(error.cause === undefined || depth === causesMax ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

function withoutValues(message: string): string {
  return message.replaceAll(/"[^"]*"?|'[^']*'|`[^`]*`|\([^)]*\)=\([^)]*\)/g, "…");
}
