import { inject } from "vitest";
import { makeLog } from "../../src/cli/log.ts";
import type { Context } from "../../src/onboarding/offer.ts";

/** What must stand in no log, at no level: it is planted all over the suite. */
const markers: readonly RegExp[] = [
  // Tokens, and what comes with them.
  /eyJ[\w-]{6,}\.[\w-]+/,
  /bearer\s+\w/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  // Personal data: addresses of mail, and the companies, people and places of the customers in the tests.
  /[\w.+-]+(?:@|%40)[\w-]+\.(?:example|com)/i,
  /\b(?:Fabrikam|Contoso|Lisboa|Ana Silva|PLANTED\w*)\b/i,
];

/** Says what of a log must not be in it; undefined when all may. */
export function findLeak(text: string): string | undefined {
  const { password } = new URL(inject("postgres").url);
  if (password !== "" && text.includes(password)) return "the password of the database";
  const found = markers.map((marker) => marker.exec(text)).find((match) => match !== null);
  return found === undefined || found === null
    ? undefined
    : text.slice(Math.max(0, found.index - 80), found.index + 80);
}

/** The log as the server makes it, of all levels, and what it holds. Failures go to whoever takes the lines, or are shown. */
export function watchedLog(take?: (line: string) => void) {
  const lines: string[] = [];
  const written = makeLog("trace", {
    write(line: string) {
      lines.push(line);
      take?.(line);
      // What goes wrong is for whoever runs the tests to see.
      if (take === undefined && JSON.parse(line).level >= 50) process.stderr.write(line);
    },
  });
  // A plain object, so that a test can take it apart and put in a method of its own.
  const log: Context["log"] = {
    info: (fields, message) => written.info(fields, message),
    warn: (fields, message) => written.warn(fields, message),
    error: (fields, message) => written.error(fields, message),
  };
  return {
    log,
    lines,
    /** Throws when something was logged that must not be. */
    assertClean() {
      const leak = findLeak(lines.join(""));
      if (leak !== undefined) throw new Error(`The log holds what it must not: ${leak}`);
    },
  };
}
