// The composition root: starts the parts in order, hands each what it needs, stops them in reverse.
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dump } from "js-yaml";
import { readDocumentText } from "../config/read-document.ts";
import { resolveReferences } from "../config/references.ts";
import { createAdminApi } from "../control/admin-api.ts";
import type { Configuration } from "../control/configuration.ts";
import { generateKey } from "../control/generated-key.ts";
import { readConsoleFiles, type ConsoleFiles } from "../control/console-files.ts";
import { hasOwnerUser } from "../control/owners.ts";
import { restoreCounts, type QuotaBook } from "../control/quotas/quota-book.ts";
import type { AdminApiPorts, DocumentPort, TelemetryPort } from "../control/routes/ports.ts";
import { startAdminServer, type FetchApp } from "../control/server.ts";
import { systemClock } from "../core/clock.ts";
import type { KeptQuota, QuotaStore } from "../core/kept-quota.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { createPublisher, type Publisher } from "../snapshot/publisher.ts";
import { createOperationalLog, type OperationalLog } from "../telemetry/operational-log.ts";
import { watchAlerts } from "./alert-watch.ts";
import { banner } from "./banner.ts";
import { openControlPlane, type ControlPlane } from "./control-plane.ts";
import { CacheThread } from "./cache-thread.ts";
import { openDataFolder } from "./data-folder.ts";
import { idFile, openIdFile, startSweeping } from "./id-file.ts";
import { LearntTargets } from "./learnt-targets.ts";
import { openDelivery } from "./delivery-port.ts";
import { debugPort } from "./debug-port.ts";
import { explainPort } from "./explain-port.ts";
import { openJudging } from "./judging.ts";
import { startLearning } from "./learning.ts";
import { livePort } from "./live-port.ts";
import { metricsText } from "./metrics-text.ts";
import { followQuotas, openQuotaFile } from "./quota-watch.ts";
import { moderationPort } from "./moderation-port.ts";
import { ReadingPlans } from "./reading-plans.ts";
import { tuneMemory } from "./runtime-flags.ts";
import type { Settings } from "./settings.ts";
import { serviceTestPort } from "./service-test-port.ts";
import { Stops } from "./stops.ts";
import type { AppSurroundings } from "./surroundings.ts";
import { storelessApi } from "./storeless-api.ts";
import { openTelemetry } from "./telemetry-port.ts";
import { TokenThread } from "./token-thread.ts";
import { version } from "./version.ts";
import { startWorkerPool, type WorkerPool } from "./worker-pool.ts";

/** The built console: the same place seen from the sources and from what they are built to. */
const consoleFolder = fileURLToPath(new URL("../../dist/console", import.meta.url));

/** What was learnt of targets, in the data folder. */
const learntFile = "targets.json";

export interface App {
  readonly gatewayPort: number;
  readonly consolePort: number;
  /** Drains the data plane, then ends everything. */
  stop(): Promise<void>;
}

/**
 * Starts the gateway and prints where it is.
 * @throws DataFolderInUse, MasterKeyRefused, StoreUnavailable, StartedFileRefused, or the system's error of a port
 */
export async function startApp(
  settings: Settings,
  surroundings = processSurroundings(settings),
): Promise<App> {
  tuneMemory();
  const stops = new Stops();
  try {
    return await startParts(settings, surroundings, stops);
  } catch (error) {
    await stops.run();
    throw error;
  }
}

function processSurroundings(settings: Settings): AppSurroundings {
  const log = createOperationalLog({
    level: settings.logLevel,
    target: process.stderr,
    wallMs: () => systemClock.wallMs(),
  });
  return { env: process.env, print: (text) => void process.stdout.write(text), log, consoleFolder };
}

async function startParts(settings: Settings, surroundings: AppSurroundings, stops: Stops): Promise<App> {
  const { print, log } = surroundings;
  const folder = await openDataFolder(settings.dataDir, process.pid);
  stops.add(() => folder.release());
  const publisher = createPublisher((error) => log.error("publish-failed", { message: String(error) }));
  const controlPlane = await openControlPlane(settings, surroundings, publisher, stops);
  const planes = await startDataPlanes(settings, publisher, log, stops);
  const { pool, simulatorUrl, spool } = planes;
  const configuration = controlPlane?.configuration;
  const logsDir = join(settings.dataDir, "logs");
  const telemetry = openTelemetry({ ...spool, logsDir }, { configuration, log, stops });
  const plans = new ReadingPlans({ publisher, memory: pool.memory, simulatorUrl });

  let draining = false;
  const readiness = () => readinessOf(publisher, draining);
  const keys = firstKeys(settings);
  const consoleFiles = await readConsoleFiles(surroundings.consoleFolder);
  const { upstreamNetworks: networks } = settings;
  let { consolePort } = settings;
  const consoleUrl = (): string => `http://${reachableHost(settings.consoleHost)}:${consolePort}`;
  const api: FetchApp =
    controlPlane === null
      ? storelessApi(readiness)
      : createAdminApi(
          adminPorts(controlPlane, {
            delivery: openDelivery(controlPlane.configuration, settings, log, stops),
            quotas: followQuotas({ ...controlPlane, ...planes, networks, consoleUrl, log }, stops),
            alerts: await watchAlerts({ ...controlPlane, telemetry, networks, consoleUrl, log }, stops),
            routing: startLearning({ ...controlPlane, log }, stops),
            judging: await openJudging({ ...controlPlane, plans, telemetry, networks, log }, stops),
            ...planes,
            settings,
            surroundings,
            plans,
            telemetry,
            readiness,
            ...keys,
            consoleFiles,
          }),
        );
  const admin = await startAdminServer({ ...consoleAddress(settings), app: api });
  consolePort = admin.port;
  stops.add(() => admin.close());
  // First readiness fails, while the console port still answers; then the data plane drains.
  stops.add(() => {
    draining = true;
    return pool.drain(settings.drainTimeoutMs);
  });

  const addresses = {
    gatewayUrl: `http://${reachableHost(settings.gatewayHost)}:${pool.port}`,
    consoleUrl: consoleUrl(),
    hasConsole: configuration !== undefined && consoleFiles !== null,
    dataDir: folder.path,
  };
  const tokens = tokensToShow(configuration, keys);
  print(banner({ version, ...addresses, ...tokens, snapshot: publisher.current }));
  return { gatewayPort: pool.port, consolePort: admin.port, stop: () => stops.run() };
}

function readinessOf(publisher: Publisher, draining: boolean) {
  const revision = publisher.current?.revision ?? 0;
  return { ready: !draining && publisher.everyoneAt(revision), revision };
}

/** By which somebody gets in while nobody has a password or token. */
function firstKeys({ adminToken }: Settings) {
  const bootstrapToken = adminToken === null ? generateKey("admin", randomBytes) : null;
  return { bootstrapToken, setUpToken: randomBytes(32).toString("base64url") };
}

/** What the first run prints, while there is a use for it. */
function tokensToShow(
  configuration: Configuration | undefined,
  { setUpToken, bootstrapToken }: ReturnType<typeof firstKeys>,
) {
  const needsSetUp = configuration !== undefined && !hasOwnerUser(configuration.working.resources.users);
  return {
    setUpToken: needsSetUp ? setUpToken : null,
    bootstrapToken: configuration?.ownerExists() === false ? bootstrapToken : null,
  };
}

interface RunningDataPlanes {
  readonly pool: WorkerPool;
  readonly answers: CacheThread;
  readonly simulatorUrl: string;
  /** By which the workers know what this process sends itself. */
  readonly debugSecret: string;
  readonly spool: { readonly spoolDir: string; readonly spoolRun: string };
  /** What was counted of quotas; null: it is not kept. */
  readonly quotaStore: QuotaStore | null;
  /** What the file held when it was opened. */
  readonly keptQuotas: readonly KeptQuota[];
}

async function startDataPlanes(
  settings: Settings,
  publisher: Publisher,
  log: OperationalLog,
  stops: Stops,
): Promise<RunningDataPlanes> {
  const simulator = await startSimulator({ port: 0 });
  stops.add(() => simulator.close());
  await assertPortFree(settings.gatewayHost, settings.gatewayPort);
  const learnt = await LearntTargets.open({
    file: join(settings.dataDir, learntFile),
    wallMs: () => systemClock.wallMs(),
    log,
  });
  const debugSecret = randomBytes(32).toString("base64");
  const spool = { spoolDir: join(settings.dataDir, "records"), spoolRun: randomBytes(4).toString("hex") };
  const quotaStore = openQuotaFile(settings.dataDir, log);
  stops.add(() => quotaStore?.close());
  const keptQuotas = quotaStore?.counts() ?? [];
  const tokens = new TokenThread(({ message }) => log.error("token-thread-failed", { message }));
  stops.add(() => tokens.stop());
  const answers = new CacheThread({
    maxBytes: settings.cacheMaxBytes,
    onProblem: ({ message }) => log.error("cache-thread-failed", { message }),
  });
  stops.add(() => answers.stop());
  const pool = await startWorkerPool({
    workers: settings.workers,
    host: settings.gatewayHost,
    port: settings.gatewayPort,
    simulatorUrl: simulator.url,
    upstreamNetworks: settings.upstreamNetworks,
    fetchNetworks: settings.fetchNetworks,
    trustedProxies: settings.trustedProxies,
    ...spool,
    idFile: openIds(settings, log, stops),
    uploadDir: join(settings.dataDir, "uploads"),
    debugSecret,
    publisher,
    onTokenPort: (port) => tokens.connect(port),
    onCachePort: (port) => answers.connect(port),
    onMemory: ({ limits }) => {
      restoreCounts(limits, keptQuotas, systemClock.wallMs());
    },
    onNewRow: (memory, name, row) => learnt.restore(name, memory.rows, row),
    log,
  });
  learnt.start(pool.memory);
  stops.add(() => learnt.stop(pool.memory));
  stops.add(() => pool.drain(0));
  return { pool, answers, simulatorUrl: simulator.url, debugSecret, spool, quotaStore, keptQuotas };
}

function consoleAddress({ consoleHost: host, consolePort: port, trustedProxies }: Settings) {
  return { host, port, trustedProxies };
}

/** Opens the file of ids before any worker does, and sweeps it. @returns its path */
function openIds({ dataDir }: Settings, log: OperationalLog, stops: Stops): string {
  const file = join(dataDir, idFile);
  const onProblem = ({ message }: Error): void => log.error("ids-unavailable", { message });
  const ids = openIdFile({ file, clock: systemClock, onProblem });
  const stopSweeping = startSweeping(ids, onProblem);
  stops.add(() => {
    stopSweeping();
    ids.close();
  });
  return file;
}

interface AdminParts extends Omit<RunningDataPlanes, "spool" | "quotaStore" | "keptQuotas"> {
  readonly settings: Settings;
  readonly surroundings: AppSurroundings;
  readonly plans: ReadingPlans;
  readonly telemetry: TelemetryPort;
  readonly quotas: QuotaBook;
  readonly alerts: AdminApiPorts["alerts"];
  readonly routing: AdminApiPorts["routing"];
  readonly judging: AdminApiPorts["judging"];
  readonly delivery: AdminApiPorts["delivery"];
  readonly readiness: AdminApiPorts["readiness"];
  readonly bootstrapToken: string | null;
  readonly setUpToken: string;
  readonly consoleFiles: ConsoleFiles | null;
}

function adminPorts(
  { configuration, sessions, signIns, tokenUses, cipher, fetchProvider }: ControlPlane,
  parts: AdminParts,
): AdminApiPorts {
  const { settings, surroundings, pool, plans, telemetry, debugSecret, simulatorUrl, readiness } = parts;
  const { routing, quotas, alerts, judging, delivery, bootstrapToken, setUpToken, consoleFiles, answers } =
    parts;
  const { adminToken, metricsToken, dataDir, gatewayHost, upstreamNetworks } = settings;
  const { env, log } = surroundings;
  const dataPlane = { host: reachableHost(gatewayHost), port: pool.port };
  const live = livePort({ plans, pool, gatewayHost, reachableHost: reachableHost(gatewayHost) });
  return {
    configuration,
    sessions,
    signIns,
    cipher,
    fetchProvider,
    tokenUses,
    documents: documentPort(env, dataDir),
    clock: systemClock,
    randomBytes,
    newRequestId: randomUUID,
    adminToken,
    metricsToken,
    bootstrapToken,
    setUpToken,
    readiness,
    explain: explainPort(plans, upstreamNetworks, pool.memory.limitReader()),
    testService: serviceTestPort({ networks: upstreamNetworks, simulatorUrl }),
    testModeration: moderationPort(plans, upstreamNetworks),
    debug: debugPort({ dataPlane, secret: debugSecret, plans, wallMs: () => systemClock.wallMs() }),
    live,
    answers,
    telemetry,
    routing,
    quotas,
    alerts,
    judging,
    delivery,
    metricsText: metricsText(telemetry, live, { answers, quotas, limits: pool.memory.limits }),
    reportFailure: (error, requestId) => log.error("admin-api-failed", { requestId, message: String(error) }),
    consoleFiles,
    version,
  };
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
