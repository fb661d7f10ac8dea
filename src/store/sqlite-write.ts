// The one write path of the embedded store: all changes, their history and the revision in one transaction, or nothing.
import type { DatabaseSync } from "node:sqlite";
import { readStoredResource } from "./sqlite-rows.ts";
import type { Statements } from "./sqlite-rows.ts";
import { RevisionConflict } from "./store.ts";
import { addAuditEntry } from "./sqlite-audit.ts";
import { inTransaction } from "./sqlite-transaction.ts";
import type { MakeAuditEntry, StoreChange, StoredResource } from "./store.ts";

export interface Write {
  readonly instance: string;
  readonly changes: readonly StoreChange[];
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly audit: MakeAuditEntry | undefined;
}

/** A write that knows which revision it makes. */
interface NumberedWrite extends Write {
  readonly revision: number;
}

/** A history holds one before and one after per resource and revision, so a write may not name a resource twice. */
function refuseRepeats(changes: readonly StoreChange[]): void {
  const seen = new Set<string>();
  for (const { kind, name } of changes) {
    const key = `${kind}/${name}`;
    if (seen.has(key)) throw new TypeError(`A write names ${key} twice`);
    seen.add(key);
  }
}

/** What the change leaves; null = nothing. */
function stateAfter(
  write: NumberedWrite,
  change: StoreChange,
  before: StoredResource | null,
): StoredResource | null {
  if (change.action === "delete") return null;
  return {
    instance: write.instance,
    kind: change.kind,
    name: change.name,
    revision: write.revision,
    managedBy: change.managedBy,
    body: change.body,
    createdAt: before?.createdAt ?? write.at,
    updatedAt: write.at,
  };
}

function writeChange(
  statements: Statements,
  write: NumberedWrite,
  change: StoreChange,
  position: number,
): void {
  const { instance, revision } = write;
  const { kind, name } = change;
  const row = statements.get.get(instance, kind, name);
  const before = row === undefined ? null : readStoredResource(row);
  const actual = before?.revision ?? 0;
  if (change.expectedRevision !== undefined && change.expectedRevision !== actual) {
    throw new RevisionConflict(kind, name, actual);
  }
  const after = stateAfter(write, change, before);
  if (before === null && after === null) return;
  if (after === null) {
    statements.delete.run(instance, kind, name);
  } else {
    const body = JSON.stringify(after.body);
    statements.put.run(
      instance,
      kind,
      name,
      revision,
      after.managedBy,
      body,
      after.createdAt,
      after.updatedAt,
    );
  }
  const asText = (state: StoredResource | null): string | null =>
    state === null ? null : JSON.stringify(state);
  statements.addChange.run(instance, revision, position, kind, name, asText(before), asText(after));
}

/**
 * Commits the changes and returns their revision.
 * @throws RevisionConflict, TypeError when a resource is named twice, or what SQLite throws; then nothing happened
 */
export function writeChanges(database: DatabaseSync, statements: Statements, write: Write): number {
  refuseRepeats(write.changes);
  return inTransaction(database, () => {
    const revision = Number(statements.newestRevision.get(write.instance)?.["number"] ?? 0) + 1;
    const numbered = { ...write, revision };
    for (const [position, change] of write.changes.entries()) {
      writeChange(statements, numbered, change, position);
    }
    statements.addRevision.run(write.instance, revision, write.at, write.by);
    if (write.audit !== undefined) addAuditEntry(statements, write.instance, write.audit, revision);
    return revision;
  });
}
