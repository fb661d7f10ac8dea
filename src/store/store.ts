// Where resources live. An interface: SQLite today, PostgreSQL later; one contract suite runs over every implementation.
// Knows no resource schema: bodies are JSON with secrets already sealed.

/** A resource as stored. `body` is what its author wrote, secrets sealed, defaults not filled in. */
export interface StoredResource {
  /** The instance (gateway deployment) that the resource belongs to. */
  readonly instance: string;
  /** Collection name, such as `model-apis`. */
  readonly kind: string;
  readonly name: string;
  /** Store revision of its last change. */
  readonly revision: number;
  /** `file`: came from the started configuration file and is read-only elsewhere. */
  readonly managedBy: "api" | "file";
  readonly body: Readonly<Record<string, unknown>>;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One change of a write. `expectedRevision` absent = whatever is stored. */
export type StoreChange =
  | {
      readonly action: "put";
      readonly kind: string;
      readonly name: string;
      readonly body: Readonly<Record<string, unknown>>;
      readonly managedBy: "api" | "file";
      /** 0 = must not exist yet. */
      readonly expectedRevision?: number;
    }
  | {
      readonly action: "delete";
      readonly kind: string;
      readonly name: string;
      readonly expectedRevision?: number;
    };

/** One committed revision in the history. */
export interface RevisionInfo {
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Who made it: a user, token or file name. */
  readonly by: string;
}

/** One resource's change within a revision, for diff and rollback. */
export interface RevisionChange {
  readonly revision: number;
  readonly kind: string;
  readonly name: string;
  readonly before: StoredResource | null;
  readonly after: StoredResource | null;
}

/** One resource's change with who made it and when. */
export interface ResourceChange extends Omit<RevisionChange, "revision" | "kind" | "name"> {
  readonly revision: RevisionInfo;
}

/** Thrown when an `expectedRevision` does not hold; nothing of the write happened. */
export class RevisionConflict extends Error {
  readonly kind: string;
  readonly resourceName: string;
  /** Revision found; 0 = not there. */
  readonly actualRevision: number;

  constructor(kind: string, resourceName: string, actualRevision: number) {
    super(`${kind}/${resourceName} is at revision ${actualRevision}`);
    this.name = "RevisionConflict";
    this.kind = kind;
    this.resourceName = resourceName;
    this.actualRevision = actualRevision;
  }
}

/** An entry of the audit log as it is kept: its text, and what chains it to the one before. */
export interface AuditRow {
  readonly number: number;
  readonly text: string;
  readonly chain: string;
}

/** One end of the audit log: the number and chain of an entry, with a proof that only the program can make. */
export interface AuditEnd {
  readonly number: number;
  readonly chain: string;
  readonly proof: string;
}

/** What a new entry follows. */
export interface AuditPlace {
  /** Above every number that was given so far. */
  readonly number: number;
  readonly head: AuditEnd | undefined;
  /** Of the write that the entry is about; null without one. */
  readonly revision: number | null;
}

/** Makes an entry for its place; called inside the transaction that writes it, so it must be quick and must not throw. */
export type MakeAuditEntry = (place: AuditPlace) => { readonly row: AuditRow; readonly head: AuditEnd };

/** The audit log: entries are only ever added, and taken away at the old end. */
export interface AuditStore {
  /** Durable when it resolves. */
  append(make: MakeAuditEntry): Promise<void>;
  /** Both ends; the anchor is the newest entry that was taken away. */
  ends(): Promise<{ readonly anchor: AuditEnd | undefined; readonly head: AuditEnd | undefined }>;
  /** Entries below a number, newest first. */
  before(number: number, limit: number): Promise<AuditRow[]>;
  /** Entries above a number, oldest first, with the head of the same moment. */
  after(
    number: number,
    limit: number,
  ): Promise<{ readonly rows: AuditRow[]; readonly head: AuditEnd | undefined }>;
  /** Takes away every entry up to the number of the anchor, and keeps the anchor. */
  prune(anchor: AuditEnd): Promise<void>;
}

/** All operations belong to one instance, named when the store is opened. */
export interface Store {
  readonly instance: string;
  readonly audit: AuditStore;
  /** The newest committed revision; 0 = empty. */
  revision(): Promise<number>;
  /** All resources of a kind, or of every kind, ordered by kind and name. */
  list(kind?: string): Promise<StoredResource[]>;
  get(kind: string, name: string): Promise<StoredResource | undefined>;
  /**
   * Commits all changes as one new revision, durably, or none. An entry of the audit log is part of the same write.
   * @returns the new revision, or the current one when `changes` is empty
   * @throws RevisionConflict
   */
  write(changes: readonly StoreChange[], by: string, audit?: MakeAuditEntry): Promise<number>;
  /** Newest first. */
  revisions(limit: number, before?: number): Promise<RevisionInfo[]>;
  /** Changes with `from < revision <= to`, oldest first. */
  changesBetween(from: number, to: number): Promise<RevisionChange[]>;
  /** Changes of one resource, newest first, of revisions below `before`. */
  changesOf(kind: string, name: string, limit: number, before?: number): Promise<ResourceChange[]>;
  /** Calls back after every committed revision, also those of other nodes. Returns the way to stop it. */
  watch(listener: (revision: number) => void): () => void;
  /** A small durable value apart from resources (sessions, set-up state), outside history. */
  getMeta(key: string): Promise<string | undefined>;
  setMeta(key: string, value: string): Promise<void>;
  close(): Promise<void>;
}
