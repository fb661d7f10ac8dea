// The composition root: the one file that knows every part. Starts them in order, hands each what it needs, stops them in reverse.
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { dump } from "js-yaml";
import { readDocumentText } from "../config/read-document.ts";
import { resolveReferences } from "../config/references.ts";
import { createAdminApi } from "../control/admin-api.ts";
import { createConfiguration, type Configuration } from "../control/configuration.ts";
import { applyDocument, releaseFile } from "../control/documents.ts";
import { generateKey } from "../control/generated-key.ts";
import type { DocumentPort } from "../control/routes/ports.ts";
import { startAdminServer } from "../control/server.ts";
import { systemClock } from "../core/clock.ts";
import { isSealed } from "../lib/seal.ts";
import { toDocument } from "../resources/document.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { createPublisher } from "../snapshot/publisher.ts";
import { loadMasterKey, openSealer } from "../store/master-key.ts";
import { openSqliteStore } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { findRecord } from "../telemetry/find-record.ts";
import { createOperationalLog, type OperationalLog } from "../telemetry/operational-log.ts";
import { banner } from "./banner.ts";
import { openDataFolder } from "./data-folder.ts";
import { demoResources } from "./demo.ts";
import { keepLastGood } from "./last-good-snapshot.ts";
import { tuneMemory } from "./runtime-flags.ts";
import type { Settings } from "./settings.ts";
import { followStartedFile } from "./started-file.ts";
import { version } from "./version.ts";
import { startWorkerPool } from "./worker-pool.ts";

export interface App {
  readonly gatewayPort: number;
  readonly consolePort: number;
  /** Drains the data plane, then ends everything. */
  stop(): Promise<void>;
}

export interface AppSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly log: OperationalLog;
}

const instance = "default";

/**
 * Starts the gateway and prints where it is.
 * @throws DataFolderInUse, MasterKeyRefused, StoreUnavailable, StartedFileRefused, or the system's error of a port
 */
export async function startApp(
  settings: Settings,
  surroundings = processSurroundings(settings),
): Promise<App> {
  const stops: (() => Promise<void> | void)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.toReversed()) await stop();
  };
  tuneMemory();
  try {
    return await startParts(settings, surroundings, stops, stopAll);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function processSurroundings(settings: Settings): AppSurroundings {
  const log = createOperationalLog({
    level: settings.logLevel,
    target: process.stderr,
    wallMs: () => systemClock.wallMs(),
  });
  return { env: process.env, print: (text) => void process.stdout.write(text), log };
}

async function startParts(
  settings: Settings,
  { env, print, log }: AppSurroundings,
  stops: (() => Promise<void> | void)[],
  stopAll: () => Promise<void>,
): Promise<App> {
  const folder = await openDataFolder(settings.dataDir, process.pid);
  stops.push(() => folder.release());
  const store = await openSqliteStore({
    file: join(folder.path, "moongate.db"),
    instance,
    clock: systemClock,
  });
  stops.push(() => store.close());
  const sealer = await openStoreSealer(settings, store);

  const publisher = createPublisher((error) => log.error("publish-failed", { message: String(error) }));
  const lastGood = keepLastGood(join(folder.path, "snapshot.sealed"), sealer, log);
  stops.push(() => lastGood.settle());
  const configuration = await createConfiguration({
    store,
    cipher: sealer,
    clock: systemClock,
    ownerElsewhere: settings.adminToken !== null,
    publish: (snapshot) => {
      publisher.publish(snapshot);
      lastGood.keep(snapshot);
    },
  });
  await loadFirstConfiguration(settings, configuration, { env, log, stops });

  const simulator = await startSimulator({ port: 0 });
  stops.push(() => simulator.close());
  const spoolDir = join(folder.path, "records");
  await assertPortFree(settings.gatewayHost, settings.gatewayPort);
  const pool = await startWorkerPool({
    workers: settings.workers,
    host: settings.gatewayHost,
    port: settings.gatewayPort,
    simulatorUrl: simulator.url,
    upstreamNetworks: settings.upstreamNetworks,
    spoolDir,
    publisher,
    log,
  });
  let draining = false;
  stops.push(() => pool.drain(0));

  const bootstrapToken = settings.adminToken === null ? generateKey("admin", randomBytes) : null;
  const api = createAdminApi({
    configuration,
    documents: documentPort(env, folder.path),
    clock: systemClock,
    randomBytes,
    newRequestId: randomUUID,
    adminToken: settings.adminToken,
    metricsToken: settings.metricsToken,
    bootstrapToken,
    readiness: () => {
      const revision = publisher.current?.revision ?? 0;
      return { ready: !draining && publisher.everyoneAt(revision), revision };
    },
    findRecord: (requestId) => findRecord(spoolDir, requestId),
    metricsText: () => pool.totals.text(pool.inFlight),
    reportFailure: (error, requestId) => log.error("admin-api-failed", { requestId, message: String(error) }),
    version,
  });
  const admin = await startAdminServer({ host: settings.consoleHost, port: settings.consolePort, app: api });
  stops.push(() => admin.close());
  // First readiness fails, while the console port still answers; then the data plane drains.
  stops.push(async () => {
    draining = true;
    await pool.drain(settings.drainTimeoutMs);
  });

  print(
    banner({
      version,
      gatewayUrl: `http://${reachableHost(settings.gatewayHost)}:${pool.port}`,
      consoleUrl: `http://${reachableHost(settings.consoleHost)}:${admin.port}`,
      dataDir: folder.path,
      bootstrapToken: configuration.ownerTokenExists() ? null : bootstrapToken,
      snapshot: configuration.snapshot,
    }),
  );
  return { gatewayPort: pool.port, consolePort: admin.port, stop: stopAll };
}

async function openStoreSealer(settings: Settings, store: Store) {
  const secretsExist = (await store.list()).some((row) => holdsSealed(row.body));
  const fromEnvironment =
    settings.masterKey === null ? undefined : Buffer.from(settings.masterKey).toString("base64");
  const { key } = await loadMasterKey({ dataDir: settings.dataDir, fromEnvironment, secretsExist });
  return openSealer(key, store, secretsExist);
}

function holdsSealed(value: unknown): boolean {
  if (typeof value === "string") return isSealed(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSealed);
}

/** The started file, or what is stored, or on an empty store the demo. */
async function loadFirstConfiguration(
  settings: Settings,
  configuration: Configuration,
  { env, log, stops }: Pick<AppSurroundings, "env" | "log"> & { readonly stops: (() => void)[] },
): Promise<void> {
  if (settings.configFile !== null) {
    const { configFile: file, dataDir } = settings;
    const started = await followStartedFile({ file, dataDir, env, configuration, log });
    stops.push(() => started.close());
    return;
  }
  await releaseFile(configuration, "start");
  if (configuration.working.revision > 0 || !settings.demo) return;
  const demo = toDocument(
    demoResources.map(({ kind, body }) => ({ kind, name: String(body["name"]), body })),
  );
  await applyDocument(configuration, { source: demo, resolved: demo }, { by: "first start", prune: false });
}

function documentPort(env: AppSurroundings["env"], dataDir: string): DocumentPort {
  return {
    read: (text, format) => readDocumentText(text, format),
    resolve: (value) => resolveReferences(value, { env, baseDir: null, dataDir }),
    toYaml: (value) => dump(value, { lineWidth: 120, noRefs: true }),
  };
}

/** Workers share the port, so that a second gateway would silently share it too: asked for alone once before. */
function assertPortFree(host: string, port: number): Promise<void> {
  if (port === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

/** The wildcard addresses are no address to call. */
function reachableHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
