import { setTimeout as sleep } from "node:timers/promises";
import { versions } from "../model/model.ts";
import { openMessenger } from "../notify/messenger.ts";
import { odataNotation } from "../odata/notation.ts";
import type { Context } from "../onboarding/offer.ts";
import { openedOperations } from "../onboarding/opened.ts";
import { openPublisher } from "../onboarding/publisher-key.ts";
import { quotas } from "../onboarding/quotas.ts";
import { type Authenticate, authenticator, type Trust } from "../server/authenticate.ts";
import { chaotic } from "../server/chaos.ts";
import { type Handle, service } from "../server/handle.ts";
import { type Listener, listen } from "../server/listen.ts";
import { openChangeLog } from "../store/change-log.ts";
import type { OpenDatabase } from "../store/database.ts";
import { openMetrics } from "../telemetry/metrics.ts";
import { type Loop, startLoop } from "../work/loop.ts";
import { type CertificatePair, readCertificate, watchCertificate } from "./certificate-files.ts";
import { localCertificate } from "./certificates.ts";
import type { Configuration } from "./config.ts";
import { readVault } from "./credential-keys.ts";
import { assertOrdinaryRole } from "./database-role.ts";
import { developmentAudience, developmentIssuer, publicKeys, readDevelopmentKey } from "./development-key.ts";
import { noteServer } from "./directory-server.ts";
import { openLog } from "./log.ts";
import { newId } from "./new-id.ts";
import { now } from "./now.ts";
import { openProvisioner } from "./provisioner.ts";
import { startTelemetry } from "./telemetry.ts";

/** A server that runs: where it is, and how to end it. */
export interface Running {
  /** Scheme and authority of each listener: http first, then https if it was asked for. */
  readonly origins: readonly string[];
  /** The file of the local certificate authority, when there is one. */
  readonly caFile?: string;
  /** Where the metrics are, when they are on a port of their own. */
  readonly metricsUrl: string | undefined;
  close(): Promise<void>;
}

/** Starts what a configuration asks for on a database that has its tables: the work loop and the listeners. */
export async function startOn(database: OpenDatabase, configuration: Configuration): Promise<Running> {
  let loop: Loop | undefined;
  const { limits } = configuration;
  const vault = await readVault(configuration);
  const origin = configuration.publicUrl ?? `http://${configuration.host}:${configuration.port}`;
  let isEnding = false;
  const context: Context = {
    database,
    clock: now,
    newId,
    log: openLog(configuration),
    limits,
    quotas: quotas({ database, clock: now, limits }),
    opened: openedOperations(database),
    ...(await openChangeLog(database)),
    domainSuffixes: configuration.domainSuffixes,
    profile: configuration.profile,
    validation: configuration.validation,
    vault,
    messenger: openMessenger({ networks: configuration.notificationNetworks, loopback: configuration.development }),
    notation: odataNotation(`${origin}/${versions[0]}`),
    publisher: openPublisher({ database, vault, clock: now, newId }, origin),
    metrics: openMetrics(),
    nudge: () => loop?.nudge(),
    isEnding: () => isEnding,
  };
  await assertOrdinaryRole(context, configuration);
  const calm = service(context, await readTrust(configuration));
  const { chaos } = configuration;
  const handle = chaos === undefined ? calm : chaotic(context, calm, chaos);
  const provisioner = openProvisioner(context, configuration);
  const { telemetry, listeners, caFile } = await openPorts(context, database, handle, configuration);
  loop = startLoop({ context, provisioner });
  const origins = listeners.map(({ origin }) => origin);
  const { databaseUrl, dataDirectory } = configuration;
  const forgetServer = databaseUrl === undefined ? noteServer(dataDirectory, origins[0] ?? "") : undefined;
  const close = async () => {
    isEnding = true;
    // Whoever spreads the requests sees it in /readyz, and sends the next ones elsewhere.
    await sleep(configuration.telemetry.drainSeconds * 1000);
    await Promise.all(listeners.map((listener) => listener.close()));
    await loop?.close();
    await telemetry.close();
    forgetServer?.();
    await database.close();
  };
  return { origins, metricsUrl: telemetry.metricsUrl, ...(caFile === undefined ? {} : { caFile }), close };
}

// When one of the ports cannot be opened, none stays open: it would keep the process alive.
async function openPorts(context: Context, database: OpenDatabase, handle: Handle, configuration: Configuration) {
  const telemetry = await startTelemetry(context, database, configuration.telemetry);
  try {
    return { telemetry, ...(await startListeners(context, handle, configuration)) };
  } catch (error) {
    await telemetry.close();
    throw error;
  }
}

async function startListeners(context: Context, handle: Handle, configuration: Configuration) {
  const { host, port, tls, tlsPort, publicUrl, corsOrigins, portal, telemetry } = configuration;
  const showsMetrics = telemetry.metrics === "main";
  const common = { host, corsOrigins, portal, showsMetrics, ...(publicUrl === undefined ? {} : { publicUrl }) };
  const plain = await listen(context, handle, { ...common, port });
  if (tls === "off") return { listeners: [plain] };
  try {
    if (tls !== "auto") {
      const secure = await listen(context, handle, { ...common, port: tlsPort, tls: readCertificate(tls) });
      return { listeners: [plain, renewing(context, secure, tls)] };
    }
    const { cert, key, caFile } = await localCertificate(configuration.dataDirectory);
    const secure = await listen(context, handle, { ...common, port: tlsPort, tls: { cert, key } });
    return { listeners: [plain, secure], caFile };
  } catch (error) {
    await plain.close();
    throw error;
  }
}

/** A listener that shows the certificate which its files hold, also when they change. */
function renewing({ log }: Context, listener: Listener, files: CertificatePair): Listener {
  const renew = (pair: CertificatePair) => {
    listener.renew(pair);
    log.info({}, "the certificate was renewed");
  };
  const stop = watchCertificate(files, renew, (error) => log.error({ err: error }, "the certificate was not renewed"));
  const close = () => {
    stop();
    return listener.close();
  };
  return { ...listener, close };
}

/** Whose tokens are believed: the issuer's that is set, and in development mode those of our own key. */
async function readTrust({ trust, development, dataDirectory }: Configuration): Promise<Authenticate> {
  const trusted: Trust[] = [...trust];
  if (development) {
    const jwks = publicKeys(await readDevelopmentKey(dataDirectory));
    trusted.push({ issuer: developmentIssuer, audiences: [developmentAudience], keys: { jwks } });
  }
  return authenticator(trusted);
}
