// The one way in which the configuration changes: every write, from wherever it comes, passes `commit`. Keeps the whole
// set in memory. Knows no HTTP and no file.
import type { Clock } from "../core/clock.ts";
import type { OwnModelData } from "../core/known-model.ts";
import type { Kind } from "../resources/kinds.ts";
import type { AnyParsedResource } from "../resources/resource-set.ts";
import type { PublishedRouter } from "../routing/policy.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { StoreUnavailable } from "../store/store-unavailable.ts";
import { RevisionConflict } from "../store/store.ts";
import type {
  MakeAuditEntry,
  ResourceChange,
  RevisionChange,
  RevisionInfo,
  Store,
  StoreChange,
} from "../store/store.ts";
import type { AuditLog } from "./audit/audit-log.ts";
import { commitIsWritten, factsOfCommit } from "./audit/commit-entry.ts";
import { checkCandidate } from "./candidate-checks.ts";
import type { Sees } from "./diagnostic-texts.ts";
import { ControlError } from "./control-error.ts";
import { keepsAnOwner } from "./owners.ts";
import { hashPasswords } from "./password-edits.ts";
import type { PasswordHashes } from "./password-edits.ts";
import type { Passwords } from "./passwords.ts";
import { createTokenIndex, type KnownToken } from "./token-index.ts";
import type { Edit, Plan } from "./edit.ts";
import { prepareEdits } from "./prepare-edits.ts";
import { prepareDomains, type LearnDomains } from "./routing/learnt-domains.ts";
import type { ModelService } from "../resources/model-service.ts";
import type { Candidate, PreparedWrite } from "./prepare-edits.ts";
import type { JsonObject } from "./merge-patch.ts";
import { createSecretForms } from "./secret-forms.ts";
import type { Cipher, SecretForms } from "./secret-forms.ts";
import { createSerialQueue } from "./serial-queue.ts";
import { changeWorkingSet, loadWorkingSet, toResource } from "./working-set.ts";
import type { WorkingSet } from "./working-set.ts";

export interface ConfigurationPorts {
  readonly store: Store;
  readonly cipher: Cipher;
  readonly passwords: Passwords;
  readonly clock: Pick<Clock, "wallMs">;
  /** Takes an entry for every commit, in the same transaction. */
  readonly audit: AuditLog;
  /** Hands a new snapshot to the data planes; called once at start and after every commit, in order. */
  readonly publish: (snapshot: Snapshot) => void;
  /** What the administrator says of models, as the program starts. */
  readonly modelData?: OwnModelData | undefined;
  /** What was learnt and is in use, by Model API; the same map until that changes. */
  readonly routers?: () => ReadonlyMap<string, PublishedRouter>;
  /** Learns what prompts of domains look like while others go on; absent: they wait. */
  readonly learnDomains?: LearnDomains;
  /** True when an owner exists apart from stored tokens (`MOONGATE_ADMIN_TOKEN`). */
  readonly ownerElsewhere: boolean;
}

export interface CommitOptions {
  /** For the history: a token or file. */
  readonly by: string;
  /** Checks everything, changes nothing. */
  readonly dryRun?: boolean;
  /** Sees what would change, and throws to refuse it. */
  readonly guard?: ((working: WorkingSet, candidate: Candidate) => void) | undefined;
  /** What its author may see; what he may not is not named in warnings and refusals. Absent = everything. */
  readonly sees?: Sees | undefined;
}

type Produced = readonly Edit[];

export interface Configuration {
  readonly working: WorkingSet;
  readonly snapshot: Snapshot;
  readonly forms: SecretForms;
  readonly passwords: Passwords;
  readonly audit: AuditLog;
  /** The last refused edit of the started file; null when the last one was taken. */
  readonly configError: string | null;
  reportConfigError(message: string | null): void;
  /**
   * Commits all edits as one revision, or none of them. `produce` runs when all earlier commits have ended, so it sees
   * the newest set.
   * @throws ControlError
   */
  commit(
    produce: (working: WorkingSet) => Produced | Promise<Produced>,
    options: CommitOptions,
  ): Promise<Plan>;
  /** What the administrator says of models holds from now on; no revision of the configuration. */
  useModelData(data: OwnModelData): Promise<void>;
  /** What was learnt is another from now on; no revision of the configuration. */
  routersChanged(): Promise<void>;
  get(kind: Kind, name: string): AnyParsedResource | undefined;
  findToken(sha256: string): KnownToken | undefined;
  /** Whether a token or user with role owner can be used. */
  ownerExists(): boolean;
  /** Told after every change. */
  onChange(listener: () => void): void;
  revisions(limit: number, before?: number): Promise<RevisionInfo[]>;
  changesBetween(from: number, to: number): Promise<RevisionChange[]>;
  changesOf(kind: Kind, name: string, limit: number, before?: number): Promise<ResourceChange[]>;
}

const nothingChanged = { written: [], removed: [] };

/**
 * Loads what is stored, compiles and publishes it.
 * @throws ControlError when this build cannot read what is stored; StoreUnavailable; SealBroken
 */
export async function createConfiguration(ports: ConfigurationPorts): Promise<Configuration> {
  const { store } = ports;
  const forms = createSecretForms(ports.cipher, store.instance);
  const enqueue = createSerialQueue();
  const tokens = createTokenIndex();
  const listeners: (() => void)[] = [];
  const committer = await createCommitter(ports, forms, () => listeners.forEach((listener) => listener()));
  let configError: string | null = null;
  return {
    get working() {
      return committer.current.working;
    },
    get snapshot() {
      return committer.current.snapshot;
    },
    get configError() {
      return configError;
    },
    forms,
    passwords: ports.passwords,
    audit: ports.audit,
    reportConfigError: (message) => {
      configError = message;
    },
    commit: (produce, options) =>
      enqueue(async () => {
        const { working } = committer.current;
        const edits = await produce(working);
        return committer.commit(edits, await hashPasswords(working, edits, ports.passwords), options);
      }),
    useModelData: (data) => enqueue(async () => committer.useModelData(data)),
    routersChanged: () => enqueue(async () => committer.routersChanged()),
    get: (kind, name) => committer.current.working.resources[kind].get(name),
    findToken: (sha256) => tokens.find(committer.current.working.resources.tokens, sha256),
    ownerExists: () => keepsAnOwner(committer.current.working.resources, ports.clock.wallMs()),
    onChange: (listener) => void listeners.push(listener),
    revisions: (limit, before) => store.revisions(limit, before).catch(rethrow),
    changesBetween: (from, to) => store.changesBetween(from, to).catch(rethrow),
    changesOf: (kind, name, limit, before) => store.changesOf(kind, name, limit, before).catch(rethrow),
  };
}

interface Current {
  readonly working: WorkingSet;
  readonly snapshot: Snapshot;
}

interface Committer {
  readonly current: Current;
  useModelData(data: OwnModelData): void;
  routersChanged(): void;
  commit(edits: readonly Edit[], passwordHashes: PasswordHashes, options: CommitOptions): Promise<Plan>;
}

/** Holds what is current and replaces it by whole commits, which its caller must not run side by side. */
async function createCommitter(
  ports: ConfigurationPorts,
  forms: SecretForms,
  changed: () => void,
): Promise<Committer> {
  const { store } = ports;
  let { modelData } = ports;
  const complete = (snapshot: Snapshot): Snapshot => completed(snapshot, modelData, ports.routers?.());
  const load = async (): Promise<Current> => {
    const open = (kind: Kind, name: string, body: JsonObject) => forms.open(kind, name, body);
    const working = loadWorkingSet(await store.list(), await store.revision(), open);
    return { working, snapshot: complete(checkCandidate(working, nothingChanged).snapshot) };
  };
  let current = await load();
  ports.publish(current.snapshot);
  const accept = (next: Current): void => {
    current = next;
    ports.publish(next.snapshot);
    changed();
  };
  const hasOwner = (set: WorkingSet): boolean =>
    ports.ownerElsewhere || keepsAnOwner(set.resources, ports.clock.wallMs());

  const commit: Committer["commit"] = async (edits, passwordHashes, options) => {
    const { working } = current;
    const candidate = prepareEdits(working, edits, forms, passwordHashes);
    if (candidate.changes.length === 0) return { changes: [], warnings: candidate.warnings };
    options.guard?.(working, candidate);
    const next = applyCandidate(working, candidate, store.instance, ports.clock.wallMs());
    if (ports.learnDomains !== undefined)
      await prepareDomains(writtenModelServices(next, candidate), ports.learnDomains);
    const checked = checkCandidate(next, candidate, options.sees);
    if (hasOwner(working) && !hasOwner(next)) throw new ControlError("conflict", "The last owner must stay.");
    const plan = { changes: candidate.changes, warnings: [...candidate.warnings, ...checked.warnings] };
    if (options.dryRun === true) return plan;
    try {
      const entry = ports.audit.entryOf(factsOfCommit(working, candidate, options.by));
      const revision = await writeToStore(store, working, candidate, { by: options.by, entry });
      commitIsWritten();
      // Another process may have written other objects meanwhile; then the store knows more than `next`.
      const snapshot = complete(checked.snapshot);
      accept(revision === next.revision ? { working: next, snapshot } : await load());
      return plan;
    } catch (error) {
      if (error instanceof RevisionConflict) accept(await load());
      throw asControlError(error);
    }
  };

  return {
    get current() {
      return current;
    },
    useModelData(data) {
      modelData = data;
      accept({ ...current, snapshot: complete(current.snapshot) });
    },
    routersChanged: () => accept({ ...current, snapshot: complete(current.snapshot) }),
    commit,
  };
}

function writtenModelServices({ resources }: WorkingSet, { written }: Candidate): readonly ModelService[] {
  return written.flatMap(({ kind, name }) => {
    const api = kind === "model-apis" ? resources[kind].get(name) : undefined;
    return api === undefined ? [] : [api.value.modelService];
  });
}

/** With what is no resource: models as the administrator knows them, what was learnt for Model APIs that there are. */
function completed(
  { routers: _old, ...snapshot }: Snapshot,
  modelData: OwnModelData | undefined,
  routers: ReadonlyMap<string, PublishedRouter> = new Map(),
): Snapshot {
  const used = [...routers].filter(([api]) => snapshot.apis.has(api));
  return {
    ...snapshot,
    ...(modelData === undefined ? {} : { modelData }),
    ...(used.length === 0 ? {} : { routers: new Map(used) }),
  };
}

function applyCandidate(
  working: WorkingSet,
  candidate: Candidate,
  instance: string,
  wallMs: number,
): WorkingSet {
  const revision = working.revision + 1;
  const at = new Date(wallMs).toISOString();
  const written = candidate.written.map((write) => {
    const { kind, name, managedBy, body } = write;
    const before = working.stored.get(kind)?.get(name);
    return {
      resource: toResource({ kind, name, managedBy, revision }, write.value),
      stored: {
        instance,
        kind,
        name,
        revision,
        managedBy,
        body,
        createdAt: before?.createdAt ?? at,
        updatedAt: at,
      },
    };
  });
  return changeWorkingSet(working, revision, written, candidate.removed);
}

async function writeToStore(
  store: Store,
  working: WorkingSet,
  candidate: Candidate,
  { by, entry }: { readonly by: string; readonly entry: MakeAuditEntry },
): Promise<number> {
  const expected = (kind: Kind, name: string) => working.stored.get(kind)?.get(name)?.revision ?? 0;
  const puts = candidate.written.map(({ kind, name, body, managedBy }: PreparedWrite): StoreChange => {
    return { action: "put", kind, name, body, managedBy, expectedRevision: expected(kind, name) };
  });
  const deletes = candidate.removed.map(({ kind, name }): StoreChange => {
    return { action: "delete", kind, name, expectedRevision: expected(kind, name) };
  });
  return store.write([...deletes, ...puts], by, entry);
}

function rethrow(error: unknown): never {
  throw asControlError(error);
}

function asControlError(error: unknown): unknown {
  if (error instanceof RevisionConflict) {
    return new ControlError(
      "stale_revision",
      `${error.kind}/${error.resourceName} was changed by another process.`,
    );
  }
  // The store's own message names a path of this machine; that belongs into the operational log.
  if (error instanceof StoreUnavailable) return new ControlError("store_unavailable", undefined, [], error);
  return error;
}
