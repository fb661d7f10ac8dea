// Opens the control plane's state: store, secrets, configuration, and the snapshots that go to the data plane and to disk.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { AlertFile } from "../control/alerts/alert-memory.ts";
import { createAuditLog } from "../control/audit/audit-log.ts";
import { createConfiguration, type Configuration } from "../control/configuration.ts";
import { applyDocument, releaseFile } from "../control/documents.ts";
import { createPasswords } from "../control/passwords.ts";
import { sessionLimits } from "../control/sign-in-settings.ts";
import { openSessions, type Sessions } from "../control/sessions.ts";
import { openLastUses, type LastUses } from "../control/last-uses.ts";
import { createFirstOwner } from "../control/set-up.ts";
import { systemClock } from "../core/clock.ts";
import { guardedFetcher, type GuardedFetch } from "../lib/guarded-fetch.ts";
import { createSealer, isSealed, type Sealer } from "../lib/seal.ts";
import { toDocument } from "../resources/document.ts";
import type { Publisher } from "../snapshot/publisher.ts";
import { loadSealedSnapshot } from "../snapshot/sealed-file.ts";
import { loadMasterKey, openSealer } from "../store/master-key.ts";
import { openSqliteStore } from "../store/sqlite.ts";
import { StoreUnavailable } from "../store/store-unavailable.ts";
import type { Store } from "../store/store.ts";
import { keepAuditLog } from "./audit-retention.ts";
import { demoResources } from "./demo.ts";
import { keepLastGood } from "./last-good-snapshot.ts";
import { LearningThread } from "./learning-thread.ts";
import { openModelFile } from "./model-file.ts";
import { openRouting, type KeptRouting } from "./routing-file.ts";
import type { Settings } from "./settings.ts";
import { followStartedFile } from "./started-file.ts";
import type { Stops } from "./stops.ts";
import type { AppSurroundings } from "./surroundings.ts";

const instance = "default";
/** Where the store keeps sessions, apart from resources. */
const sessionsKey = "sessions";
/** When users came in last. */
const signInsKey = "sign-ins";
const tokenUsesKey = "token uses";
/** And how alerts stand. */
const alertsKey = "alerts";
/** And how judge jobs do. */
const judgeJobsKey = "judge jobs";
const storeFile = "moongate.db";
const snapshotFile = "snapshot.sealed";

export interface ControlPlane {
  readonly configuration: Configuration;
  readonly sessions: Sessions;
  readonly signIns: LastUses;
  readonly cipher: Sealer;
  /** Asks providers of identities. */
  readonly fetchProvider: GuardedFetch;
  readonly tokenUses: LastUses;
  /** Where it is kept how alerts stand. */
  readonly alertFile: AlertFile;
  /** Where it is kept how judge jobs stand. */
  readonly judgeFile: AlertFile;
  /** What mode intelligent learns. */
  readonly routing: KeptRouting;
}

/**
 * Opens everything, applies the first configuration and publishes it.
 * @returns null when the store cannot be used but the last good snapshot can: the data plane then serves that
 * @throws MasterKeyRefused, StartedFileRefused, ModelFileRefused, ControlError; StoreUnavailable when there is no snapshot either
 */
export async function openControlPlane(
  settings: Settings,
  surroundings: AppSurroundings,
  publisher: Publisher,
  stops: Stops,
): Promise<ControlPlane | null> {
  try {
    return await openFromStore(settings, surroundings, publisher, stops);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    const snapshot = await loadLastGood(settings).catch(() => undefined);
    if (snapshot === undefined) throw error;
    surroundings.log.error("store-unavailable", {
      message: error.message,
      serving: "the last good snapshot",
    });
    publisher.publish(snapshot);
    return null;
  }
}

async function openFromStore(
  settings: Settings,
  surroundings: AppSurroundings,
  publisher: Publisher,
  stops: Stops,
): Promise<ControlPlane> {
  const { dataDir } = settings;
  const store = await openSqliteStore({ file: join(dataDir, storeFile), instance, clock: systemClock });
  stops.add(() => store.close());
  const sealer = await openStoreSealer(settings, store);
  const lastGood = keepLastGood(join(dataDir, snapshotFile), sealer, surroundings.log);
  stops.add(() => lastGood.settle());
  const models = await openModelFile(settings, surroundings.log);
  const routing = openRouting(dataDir, surroundings.log, stops);
  // Apart from what else is learnt: whoever saves does not wait for a training.
  const learning = new LearningThread();
  stops.add(() => learning.stop());
  const configuration = await createConfiguration({
    store,
    modelData: models?.data,
    routers: () => routing.versions.published,
    learnDomains: (domains) => learning.run("table", { domains }),
    cipher: sealer,
    passwords: createPasswords(randomBytes),
    clock: systemClock,
    audit: createAuditLog({ store: store.audit, mac: sealer.mac, clock: systemClock }),
    ownerElsewhere: settings.adminToken !== null,
    publish: (snapshot) => {
      publisher.publish(snapshot);
      lastGood.keep(snapshot);
    },
  });
  if (models !== null) stops.add(models.follow((data) => configuration.useModelData(data)));
  await loadFirstConfiguration(settings, configuration, surroundings, stops);
  routing.follow(configuration);
  await createFirstUser(settings, configuration);
  keepAuditLog(configuration, surroundings.log, stops);
  const providers = guardedFetcher(settings.upstreamNetworks);
  stops.add(() => providers.close());
  return {
    configuration,
    ...(await openKept(store, configuration, surroundings)),
    cipher: sealer,
    fetchProvider: providers.fetch,
    alertFile: fileIn(store, alertsKey),
    judgeFile: fileIn(store, judgeJobsKey),
    routing,
  };
}

/** What is kept of people and tokens. */
async function openKept(
  store: Store,
  configuration: Configuration,
  { log }: AppSurroundings,
): Promise<Pick<ControlPlane, "sessions" | "signIns" | "tokenUses">> {
  const sessions = await openSessions({
    file: { read: () => store.getMeta(sessionsKey), write: (text) => store.setMeta(sessionsKey, text) },
    randomBytes,
    wallMs: () => systemClock.wallMs(),
    limits: () => sessionLimits(configuration),
    onProblem: (error) => log.error("sessions-not-kept", { message: String(error) }),
  });
  const keptUses = (key: string, problem: string): Promise<LastUses> =>
    openLastUses({
      file: { read: () => store.getMeta(key), write: (text) => store.setMeta(key, text) },
      wallMs: () => systemClock.wallMs(),
      onProblem: (error) => log.error(problem, { message: String(error) }),
    });
  const tokenUses = await keptUses(tokenUsesKey, "token-uses-not-kept");
  const signIns = await keptUses(signInsKey, "sign-ins-not-kept");
  return { sessions, signIns, tokenUses };
}

function fileIn(store: Store, key: string): AlertFile {
  return { read: () => store.getMeta(key), write: (text) => store.setMeta(key, text) };
}

/** Only while there is no user at all: a password that was changed since stays changed. */
async function createFirstUser({ adminPassword }: Settings, configuration: Configuration): Promise<void> {
  if (adminPassword === null || configuration.working.resources.users.size > 0) return;
  const first = { name: "admin", password: adminPassword, by: "environment" };
  await createFirstOwner(configuration, first);
}

async function openStoreSealer(settings: Settings, store: Store): Promise<Sealer> {
  const secretsExist = (await store.list()).some((row) => holdsSealed(row.body));
  const { key } = await loadMasterKey(masterKeySource(settings, secretsExist));
  return openSealer(key, store, secretsExist);
}

function masterKeySource({ dataDir, masterKey }: Settings, secretsExist: boolean) {
  const fromEnvironment = masterKey === null ? undefined : Buffer.from(masterKey).toString("base64");
  return { dataDir, fromEnvironment, secretsExist };
}

function holdsSealed(value: unknown): boolean {
  if (typeof value === "string") return isSealed(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSealed);
}

async function loadLastGood(settings: Settings) {
  const { key } = await loadMasterKey(masterKeySource(settings, true));
  return loadSealedSnapshot(join(settings.dataDir, snapshotFile), createSealer(key));
}

/** The started file, or what is stored, or on an empty store the demo. */
async function loadFirstConfiguration(
  settings: Settings,
  configuration: Configuration,
  { env, log }: AppSurroundings,
  stops: Stops,
): Promise<void> {
  if (settings.configFile !== null) {
    const { configFile: file, dataDir } = settings;
    const started = await followStartedFile({ file, dataDir, env, configuration, log });
    stops.add(() => started.close());
    return;
  }
  await releaseFile(configuration, "start");
  if (configuration.working.revision > 0 || !settings.demo) return;
  const demo = toDocument(
    demoResources.map(({ kind, body }) => ({ kind, name: String(body["name"]), body })),
  );
  await applyDocument(configuration, { source: demo, resolved: demo }, { by: "first start", prune: false });
}
