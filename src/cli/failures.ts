import { ConnectionError, OperationError, ServiceError } from "../client/client.ts";
import { ConfigurationError } from "./setting.ts";

/** What the end of a command says. */
export const exitCodes = { done: 0, failed: 1, wrongCall: 2, unreachable: 3, interrupted: 130 } as const;

/** Prints the table of exit codes. */
export function printExitCodes(): string {
  return [
    [exitCodes.done, "all went well"],
    [exitCodes.failed, "the server refused, an operation failed, rows have faults, or something is out of order"],
    [exitCodes.wrongCall, "the call was wrong, or a setting is"],
    [exitCodes.unreachable, "the server was not reached"],
    [exitCodes.interrupted, "Ctrl+C ended an import, which can go on"],
  ]
    .map(([code, meaning]) => `  ${String(code).padEnd(3)}  ${meaning}`)
    .join("\n");
}

/** The exit code of a failure. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigurationError) return exitCodes.wrongCall;
  return error instanceof ConnectionError ? exitCodes.unreachable : exitCodes.failed;
}

/** Says what went wrong and what may help. */
export function printFailure(error: unknown): string {
  if (error instanceof ServiceError) return printRefusal(error);
  if (error instanceof OperationError) return printOperation(error);
  if (error instanceof ConnectionError) return `${error.message}\nIs the server running? 'tenantry serve' starts one.`;
  if (isTaken(error)) {
    const others = "--port, or --tls-port or --metrics-port where it is theirs";
    return `The port ${error.port} of ${error.address} is taken. Stop what uses it, or choose another one with ${others}.`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Whether a port could not be opened because somebody else has it. */
function isTaken(error: unknown): error is Error & { readonly address: string; readonly port: number } {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE" && "port" in error;
}

function printRefusal({ message, details, status, code, requestId }: ServiceError): string {
  const about = `(${status} ${code}, request-id ${requestId ?? "unknown"})`;
  const faults = details.length < 2 ? [] : details.map((fault) => `  ${fault.target ?? "-"}: ${fault.message}`);
  const advice = status === 401 ? ["Give a token with --token, or name the server with 'tenantry servers add'."] : [];
  return [message, ...faults, ...advice, about].join("\n");
}

function printOperation({ operation, message }: OperationError): string {
  const { id, status, isRetryable } = operation;
  const advice = isRetryable === true ? [`It may be tried again: tenantry operations retry ${id}`] : [];
  return [`The operation ${id} is ${status}: ${message}`, ...advice].join("\n");
}
