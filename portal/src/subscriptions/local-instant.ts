/** An instant as a field for date and time wants it, in the time of this machine. */
export function printLocal(instant: Date): string {
  const minutes = instant.getTimezoneOffset();
  return new Date(instant.getTime() - minutes * 60_000).toISOString().slice(0, "2026-01-01T00:00".length);
}

/** The instant that such a field holds, as the API wants it; undefined when it holds none. */
export function readLocal(text: string): string | undefined {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}
