// The SQL of the embedded store and how its rows become the store's types. Decides nothing.
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { ResourceChange, RevisionChange, RevisionInfo, StoredResource } from "./store.ts";

const sql = {
  newestRevision: "SELECT max(number) AS number FROM revisions WHERE instance = ?",
  listAll: "SELECT * FROM resources WHERE instance = ? ORDER BY kind, name",
  listKind: "SELECT * FROM resources WHERE instance = ? AND kind = ? ORDER BY name",
  get: "SELECT * FROM resources WHERE instance = ? AND kind = ? AND name = ?",
  put: `INSERT INTO resources (instance, kind, name, revision, managed_by, body, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET revision = excluded.revision, managed_by = excluded.managed_by,
          body = excluded.body, updated_at = excluded.updated_at`,
  delete: "DELETE FROM resources WHERE instance = ? AND kind = ? AND name = ?",
  addRevision: "INSERT INTO revisions (instance, number, at, made_by) VALUES (?, ?, ?, ?)",
  addChange:
    "INSERT INTO history (instance, revision, position, kind, name, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
  revisions:
    "SELECT number, at, made_by FROM revisions WHERE instance = ? AND number < ? ORDER BY number DESC LIMIT ?",
  changes:
    "SELECT * FROM history WHERE instance = ? AND revision > ? AND revision <= ? ORDER BY revision, position",
  changesOf: `SELECT number, at, made_by, before, after
        FROM history JOIN revisions ON revisions.instance = history.instance AND number = revision
        WHERE history.instance = ? AND kind = ? AND name = ? AND revision < ?
        ORDER BY revision DESC LIMIT ?`,
  getMeta: "SELECT value FROM meta WHERE instance = ? AND key = ?",
  setMeta: `INSERT INTO meta (instance, key, value) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET value = excluded.value`,
  newestAudit: "SELECT max(number) AS number FROM audit WHERE instance = ?",
  addAudit: "INSERT INTO audit (instance, number, text, chain) VALUES (?, ?, ?, ?)",
  auditBefore: "SELECT * FROM audit WHERE instance = ? AND number < ? ORDER BY number DESC LIMIT ?",
  auditAfter: "SELECT * FROM audit WHERE instance = ? AND number > ? ORDER BY number LIMIT ?",
  pruneAudit: "DELETE FROM audit WHERE instance = ? AND number <= ?",
  auditEnd: "SELECT number, chain, proof FROM audit_ends WHERE instance = ? AND which = ?",
  setAuditEnd: `INSERT INTO audit_ends (instance, which, number, chain, proof) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET number = excluded.number, chain = excluded.chain, proof = excluded.proof`,
} as const;

export type Statements = Readonly<Record<keyof typeof sql, StatementSync>>;

export function prepareStatements(database: DatabaseSync): Statements {
  // Spelled out, so that a statement without a name or a name without a statement does not compile.
  return {
    newestRevision: database.prepare(sql.newestRevision),
    listAll: database.prepare(sql.listAll),
    listKind: database.prepare(sql.listKind),
    get: database.prepare(sql.get),
    put: database.prepare(sql.put),
    delete: database.prepare(sql.delete),
    addRevision: database.prepare(sql.addRevision),
    addChange: database.prepare(sql.addChange),
    revisions: database.prepare(sql.revisions),
    changes: database.prepare(sql.changes),
    changesOf: database.prepare(sql.changesOf),
    getMeta: database.prepare(sql.getMeta),
    setMeta: database.prepare(sql.setMeta),
    newestAudit: database.prepare(sql.newestAudit),
    addAudit: database.prepare(sql.addAudit),
    auditBefore: database.prepare(sql.auditBefore),
    auditAfter: database.prepare(sql.auditAfter),
    pruneAudit: database.prepare(sql.pruneAudit),
    auditEnd: database.prepare(sql.auditEnd),
    setAuditEnd: database.prepare(sql.setAuditEnd),
  };
}

export type Row = Record<string, SQLOutputValue>;

const readText = (row: Row, column: string): string => String(row[column]);

const readManagedBy = (row: Row): "api" | "file" => (row["managed_by"] === "file" ? "file" : "api");

export function readStoredResource(row: Row): StoredResource {
  return {
    instance: readText(row, "instance"),
    kind: readText(row, "kind"),
    name: readText(row, "name"),
    revision: Number(row["revision"]),
    managedBy: readManagedBy(row),
    // The text was written by `writeChanges` from this very type.
    body: JSON.parse(readText(row, "body")) as StoredResource["body"],
    createdAt: readText(row, "created_at"),
    updatedAt: readText(row, "updated_at"),
  };
}

export function readRevisionInfo(row: Row): RevisionInfo {
  return { number: Number(row["number"]), at: readText(row, "at"), by: readText(row, "made_by") };
}

// Both texts were written by `writeChanges` from this very type.
const readState = (row: Row, column: "before" | "after"): StoredResource | null =>
  row[column] === null ? null : (JSON.parse(readText(row, column)) as StoredResource);

export function readRevisionChange(row: Row): RevisionChange {
  return {
    revision: Number(row["revision"]),
    kind: readText(row, "kind"),
    name: readText(row, "name"),
    before: readState(row, "before"),
    after: readState(row, "after"),
  };
}

export function readResourceChange(row: Row): ResourceChange {
  return {
    revision: readRevisionInfo(row),
    before: readState(row, "before"),
    after: readState(row, "after"),
  };
}
