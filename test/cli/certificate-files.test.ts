import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localCertificate } from "../../src/cli/certificates.ts";
import { runCommand, type ServerProcess, startProcess } from "../support/process.ts";
import { eventually } from "../support/service.ts";

describe("a server with a certificate of its operator", () => {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-files-"));
  const files = { cert: join(directory, "tls.crt"), key: join(directory, "tls.key") };
  const flags = ["--tls", "files", "--tls-port", "0", "--tls-cert", files.cert, "--tls-key", files.key];
  let server: ServerProcess;
  let first: X509Certificate;

  beforeAll(async () => {
    first = await replaceFiles("one");
    server = await startProcess(["--data-dir", directory, ...flags]);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  /** Puts another pair into the files, as a tool that renews certificates does. */
  async function replaceFiles(name: string): Promise<X509Certificate> {
    const { cert, key } = await localCertificate(join(directory, name));
    writeFileSync(files.key, key);
    writeFileSync(files.cert, cert);
    return new X509Certificate(cert);
  }

  /** The serial number of the certificate that a new connection is shown. */
  function shown(): Promise<string> {
    const port = Number(new URL(server.origins[1] ?? "").port);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerX509Certificate()?.serialNumber ?? "");
        socket.destroy();
      });
      socket.on("error", reject);
    });
  }

  test("shows it, takes over a renewed one while it runs, and keeps the last good one when files are broken", async () => {
    const atFirst = await shown();
    const second = await replaceFiles("two");
    const renewed = await eventually(async () => ((await shown()) === second.serialNumber ? true : undefined));
    writeFileSync(files.cert, "not a certificate");
    await new Promise((resolve) => setTimeout(resolve, 3_000));

    const afterwards = await shown();

    expect(atFirst).toBe(first.serialNumber);
    expect(renewed).toBe(true);
    expect(afterwards).toBe(second.serialNumber);
  });

  test.each<[string, (pair: typeof files) => typeof files, RegExp]>([
    [
      "whose key is another's",
      (pair) => ({ ...pair, key: join(directory, "three", "tls", "server.key") }),
      /not that of/,
    ],
    [
      "that is missing",
      (pair) => ({ ...pair, cert: join(directory, "none.crt") }),
      /--tls-cert cannot be read \(ENOENT\)/,
    ],
    ["that is no PEM", (pair) => ({ ...pair, cert: import.meta.filename }), /must hold a certificate in PEM/],
  ])("does not start with a certificate %s", async (_sentence, change, message) => {
    await localCertificate(join(directory, "three"));
    const { cert, key } = change({ cert: join(directory, "one", "tls", "server.crt"), key: files.key });

    const { code, out, err } = await runCommand(
      ["serve", "--port", "0", "--tls", "files", "--tls-port", "0", "--tls-cert", cert, "--tls-key", key],
      { TENANTRY_DATA_DIR: join(directory, "data") },
    );

    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toContain(readFileSync(files.key, "utf8").slice(30, 60));
  });
});
