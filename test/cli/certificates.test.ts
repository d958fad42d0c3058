import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localCertificate } from "../../src/cli/certificates.ts";
import { type ServerProcess, startProcess } from "../support/process.ts";

const files = ["ca.crt", "ca.key", "server.crt", "server.key"] as const;

describe("a server with --tls auto", () => {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-tls-"));
  const folder = join(directory, "tls");
  let server: ServerProcess;
  beforeAll(async () => {
    server = await start(directory);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  test.each(["localhost", "127.0.0.1"])(
    "is believed on %s by a client that trusts only its authority",
    async (host) => {
      const authority = readFileSync(join(folder, "ca.crt"), "utf8");

      const answer = await get(portOf(server), host, authority);

      expect(answer).toMatchObject({ status: 200, text: '{"status":"ok"}' });
      expect(answer.issuer).toBe("Tenantry local CA");
    },
  );

  test("is not believed by a client that does not trust its authority", async () => {
    const asking = get(portOf(server), "localhost", undefined);

    await expect(asking).rejects.toThrow(/certificate/);
  });

  test("says in its banner where it is on https and which file a client has to trust", () => {
    expect(server.origins).toHaveLength(2);
    expect(server.origins[1]).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(server.banner).toContain(`export NODE_EXTRA_CA_CERTS="${join(folder, "ca.crt")}"`);
  });

  test("keeps its keys and certificates where only their owner can read them", () => {
    const modes = files.map((file) => (statSync(join(folder, file)).mode & 0o777).toString(8));

    expect(readdirSync(folder).sort()).toEqual([...files]);
    expect(modes).toEqual(["600", "600", "600", "600"]);
    expect((statSync(folder).mode & 0o777).toString(8)).toBe("700");
  });

  test("signs with an authority that signs nothing else and a certificate that serves nothing else", () => {
    const [authority, certificate] = [read("ca.crt"), read("server.crt")];

    expect(authority.ca).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(certificate.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
  });

  test("uses the same certificates when it is started again", async () => {
    const before = files.map((file) => readFileSync(join(folder, file), "utf8"));
    await server.end("SIGTERM");

    server = await start(directory);
    const answer = await get(portOf(server), "localhost", before[0]);

    expect(files.map((file) => readFileSync(join(folder, file), "utf8"))).toEqual(before);
    expect(answer.status).toBe(200);
  });

  function read(file: (typeof files)[number]): X509Certificate {
    return new X509Certificate(readFileSync(join(folder, file)));
  }
});

test("a server without --tls listens on http alone and makes no certificate", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-tls-"));

  await using server = await startProcess(["--data-dir", directory]);

  expect(server.origins).toEqual([expect.stringMatching(/^http:/)]);
  expect(readdirSync(directory)).not.toContain("tls");
  rmSync(directory, { recursive: true });
});

test("a certificate whose authority is gone is made anew with the next one", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-tls-"));
  const first = await localCertificate(directory);
  rmSync(first.caFile);

  const second = await localCertificate(directory);

  const authority = new X509Certificate(readFileSync(second.caFile));
  expect(new X509Certificate(first.cert).verify(authority.publicKey)).toBe(false);
  expect(new X509Certificate(second.cert).verify(authority.publicKey)).toBe(true);
  rmSync(directory, { recursive: true });
});

function start(directory: string): Promise<ServerProcess> {
  return startProcess(["--data-dir", directory, "--tls", "auto", "--tls-port", "0"]);
}

function portOf(server: ServerProcess): number {
  return Number(new URL(server.origins[1] ?? "").port);
}

/** Asks for the health of a server over https, believing the given authority and no other. */
function get(port: number, host: string, authority: string | undefined) {
  return new Promise<{ status: number | undefined; text: string; issuer: string }>((resolve, reject) => {
    const trust = authority === undefined ? {} : { ca: authority };
    const asking = request({ host, port, path: "/healthz", agent: false, family: 4, ...trust }, async (response) => {
      const { socket } = response;
      const issuer = socket instanceof TLSSocket ? socket.getPeerCertificate().issuer.CN : undefined;
      const chunks = await response.setEncoding("utf8").toArray();
      resolve({ status: response.statusCode, text: chunks.join(""), issuer: String(issuer) });
    });
    asking.on("error", reject).end();
  });
}
