// The tables of what mode intelligent learns, their statements, and how their rows are read. Knows no file.
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import {
  labelSources,
  type KeptLabel,
  type KeptPrompt,
  type KeptPublication,
  type KeptVersion,
  type LabelCount,
  type LabelSource,
} from "../core/kept-routing.ts";

export const routingSchemaVersion = 1;
export const routingSchema = `
  CREATE TABLE prompts (
    api TEXT NOT NULL, request_id TEXT NOT NULL, sketch BLOB NOT NULL, evidence TEXT NOT NULL,
    PRIMARY KEY (api, request_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE labels (
    place INTEGER PRIMARY KEY AUTOINCREMENT, api TEXT NOT NULL, request_id TEXT NOT NULL, model TEXT NOT NULL,
    source TEXT NOT NULL, score REAL NOT NULL, weight REAL NOT NULL, at_ms INTEGER NOT NULL,
    UNIQUE (api, request_id, model, source)
  ) STRICT;
  CREATE INDEX labels_by_age ON labels (api, place);
  CREATE INDEX labels_of_request ON labels (request_id, source);
  CREATE TABLE versions (
    api TEXT NOT NULL, number INTEGER NOT NULL, at_ms INTEGER NOT NULL, made_by TEXT NOT NULL,
    labels INTEGER NOT NULL, prompts INTEGER NOT NULL, up_to INTEGER NOT NULL, report TEXT NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (api, number)
  ) STRICT;
  CREATE TABLE published (
    api TEXT PRIMARY KEY, version INTEGER NOT NULL, former INTEGER NOT NULL, at_ms INTEGER NOT NULL, made_by TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE runs (api TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;`;

export type RoutingStatements = ReturnType<typeof routingStatements>;

export function routingStatements(database: DatabaseSync) {
  const prepare = (text: string): StatementSync => database.prepare(text);
  return {
    putPrompt: prepare("INSERT OR REPLACE INTO prompts VALUES (?, ?, ?, ?)"),
    putLabel: prepare(
      `INSERT OR REPLACE INTO labels (api, request_id, model, source, score, weight, at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    /** The place of the label so far from the newest. */
    placeBehind: prepare("SELECT place FROM labels WHERE api = ? ORDER BY place DESC LIMIT 1 OFFSET ?"),
    pruneLabels: prepare("DELETE FROM labels WHERE api = ? AND place <= ?"),
    removeOrphans: prepare(
      `DELETE FROM prompts WHERE api = ? AND NOT EXISTS
         (SELECT 1 FROM labels WHERE labels.api = prompts.api AND labels.request_id = prompts.request_id)`,
    ),
    apisOfRequest: prepare("SELECT DISTINCT api FROM labels WHERE request_id = ? AND source = ?"),
    removeLabels: prepare("DELETE FROM labels WHERE request_id = ? AND source = ?"),
    clearAll: prepare("DELETE FROM labels WHERE api = ?"),
    clearSource: prepare("DELETE FROM labels WHERE api = ? AND source = ?"),
    countLabels: prepare(
      "SELECT model, source, count(*) AS count FROM labels WHERE api = ? GROUP BY model, source ORDER BY model, source",
    ),
    /** What is kept of a prompt begins with the version (`versionPrefix`): no more is read, there may be thousands. */
    countOthers: prepare(
      `SELECT count(*) AS count FROM labels JOIN prompts USING (api, request_id)
       WHERE api = ?1 AND substr(evidence, 1, length(?2)) <> ?2`,
    ),
    countSince: prepare("SELECT count(*) AS count FROM labels WHERE api = ? AND place > ?"),
    labels: prepare("SELECT * FROM labels WHERE api = ? ORDER BY place"),
    prompts: prepare("SELECT request_id, sketch, evidence FROM prompts WHERE api = ?"),
    newestVersion: prepare("SELECT max(number) AS number FROM versions WHERE api = ?"),
    addVersion: prepare("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    pruneVersions: prepare(
      `DELETE FROM versions WHERE api = ? AND number <= ? AND number NOT IN
         (SELECT version FROM published WHERE api = ? UNION SELECT former FROM published WHERE api = ?)`,
    ),
    versions: prepare(
      `SELECT number, at_ms, made_by, labels, prompts, up_to, report, length(bytes) AS size
       FROM versions WHERE api = ? ORDER BY number DESC`,
    ),
    table: prepare("SELECT bytes FROM versions WHERE api = ? AND number = ?"),
    publish: prepare("INSERT OR REPLACE INTO published VALUES (?, ?, ?, ?, ?)"),
    publications: prepare("SELECT * FROM published ORDER BY api"),
    lastRun: prepare("SELECT text FROM runs WHERE api = ?"),
    setLastRun: prepare("INSERT OR REPLACE INTO runs VALUES (?, ?)"),
    apis: prepare(
      "SELECT DISTINCT api FROM labels UNION SELECT api FROM versions UNION SELECT api FROM published UNION SELECT api FROM runs",
    ),
    forget: ["prompts", "labels", "versions", "published", "runs"].map((table) =>
      prepare(`DELETE FROM ${table} WHERE api = ?`),
    ),
  };
}

type Row = Readonly<Record<string, SQLOutputValue>>;

/** What the file says is ours: a word that this build does not know came from nobody's hand. */
function readSource(row: Row): LabelSource {
  return labelSources.find((name) => name === row["source"]) ?? "import";
}

export function readKeptLabel(row: Row): KeptLabel {
  return {
    place: Number(row["place"]),
    requestId: String(row["request_id"]),
    model: String(row["model"]),
    source: readSource(row),
    score: Number(row["score"]),
    weight: Number(row["weight"]),
    atMs: Number(row["at_ms"]),
  };
}

export function readKeptPrompt(row: Row): KeptPrompt {
  const bytes = row["sketch"];
  const sketch = bytes instanceof Uint8Array ? new Int8Array(bytes) : new Int8Array();
  return { requestId: String(row["request_id"]), sketch, evidence: String(row["evidence"]) };
}

export function readLabelCount(row: Row): LabelCount {
  return { model: String(row["model"]), source: readSource(row), count: Number(row["count"]) };
}

export function readVersion(api: string, row: Row): KeptVersion {
  return {
    api,
    number: Number(row["number"]),
    atMs: Number(row["at_ms"]),
    by: String(row["made_by"]),
    labels: Number(row["labels"]),
    prompts: Number(row["prompts"]),
    upTo: Number(row["up_to"]),
    report: String(row["report"]),
    bytes: Number(row["size"]),
  };
}

export function readPublication(row: Row): KeptPublication {
  return {
    api: String(row["api"]),
    version: Number(row["version"]),
    former: Number(row["former"]),
    atMs: Number(row["at_ms"]),
    by: String(row["made_by"]),
  };
}
